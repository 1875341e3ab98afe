// What the service worker says while no page of Kith is open: it has no other words, and fetches none.

import type { Language } from '../features/languages.ts'

type NoticeWords = { readonly newsTitle: string; readonly newsText: string; readonly testTitle: string; readonly testText: string }

export const NOTICE_WORDS: { readonly [L in Language]: NoticeWords } = {
  en: {
    newsTitle: 'New messages',
    newsText: 'Open Kith to read them.',
    testTitle: 'Notifications work',
    testText: 'This is how Kith tells you about new messages.',
  },
  de: {
    newsTitle: 'Neue Nachrichten',
    newsText: 'Öffne Kith, um sie zu lesen.',
    testTitle: 'Benachrichtigungen funktionieren',
    testText: 'So sagt dir Kith, dass neue Nachrichten da sind.',
  },
  es: {
    newsTitle: 'Mensajes nuevos',
    newsText: 'Abre Kith para leerlos.',
    testTitle: 'Las notificaciones funcionan',
    testText: 'Así te avisa Kith de los mensajes nuevos.',
  },
  ar: {
    newsTitle: 'رسائل جديدة',
    newsText: 'افتح Kith لقراءتها.',
    testTitle: 'الإشعارات تعمل',
    testText: 'هكذا يخبرك Kith بالرسائل الجديدة.',
  },
  'zh-Hans': {
    newsTitle: '新消息',
    newsText: '打开 Kith 即可阅读。',
    testTitle: '通知功能正常',
    testText: 'Kith 会这样告诉你有新消息。',
  },
}
