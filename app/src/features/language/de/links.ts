// Deutsch: was die Bögen mit Links sagen. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const invite: LaterOf<'de'>['invite'] = {
  title: 'Schick diesen Link',
  lead: 'Wer ihn zuerst öffnet, kommt in diesen Chat und liest deine Nachricht. Verschick ihn, wie du magst.',
  leadEmpty: 'Wer ihn zuerst öffnet, kommt in diesen Chat. Verschick ihn, wie du magst.',
  qr: 'QR-Code des Einladungslinks',
  camera: 'Gerade zusammen? Dann einfach scannen lassen.',
  link: 'Einladungslink',
  share: 'Teilen',
  copy: 'Kopieren',
  copyLink: 'Link kopieren',
  name: 'Dein Name, damit klar ist, wer schreibt',
  nameNote: 'Freiwillig. Du kannst ihn jederzeit ändern.',
  copied: 'Kopiert',
  copyFailed: 'Der Browser hat Kith den Link nicht kopieren lassen. Er ist markiert: Kopiere ihn aus dem Feld.',
  shareText: 'Sprich mit mir auf Kith',
  validity: 'Für eine Person, bis {time}',
  end: 'Link zurückziehen',
  toChat: 'Chat öffnen',
  endTitle: 'Link zurückziehen?',
  endLead: 'Niemand kann ihn mehr benutzen. Wer ihn öffnet, erfährt das. Was du geschrieben hast, bleibt hier.',
  endKeep: 'Link behalten',
  waiting: 'Deine Nachricht wartet versiegelt beim Relay. Du kannst Kith jetzt schließen.',
  waitingEmpty: 'Der Link funktioniert, auch wenn Kith geschlossen ist.',
  saved: 'Hier gespeichert. Geht ans Relay, sobald das Netz wieder da ist. Lass Kith so lange offen.',
  used: 'Jemand ist über diesen Link dazugekommen. Er gilt nicht noch einmal.',
  expired: 'Dieser Link ist am {time} abgelaufen. Beginne einen neuen Chat, um einen neuen zu bekommen.',
  revoked: 'Du hast diesen Link zurückgezogen. Beginne einen neuen Chat, um einen neuen zu bekommen.',
  usedTitle: 'Dieser Link wurde benutzt',
  overTitle: 'Dieser Link gilt nicht mehr',
}

export const paste: LaterOf<'de'>['paste'] = {
  title: 'Einen erhaltenen Link öffnen',
  lead: 'Füge den Link ein, oder die ganze Nachricht, in der er kam.',
  field: 'Link',
  open: 'Öffnen',
  notALink: 'Darin ist kein Link von Kith. Ein Link von Kith enthält #i/ und einen langen Code.',
}
