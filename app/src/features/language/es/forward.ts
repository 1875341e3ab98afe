// Español: lo que se dice al seleccionar y reenviar mensajes. Parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const forward: LaterOf<'es'>['forward'] = {
  forward: 'Reenviar',
  select: 'Seleccionar',
  title: { one: 'Reenviar el mensaje', many: 'Reenviar {count} mensajes', other: 'Reenviar {count} mensajes' },
  note: 'Sale en tu nombre. Nadie sabrá de dónde viene.',
  find: 'Buscar en tus chats',
  who: 'Adónde va',
  none: 'Ningún chat se llama así.',
  more: 'Busca para encontrar los demás.',
  noChats: 'Aún no hay otro chat al que puedas reenviar esto.',
  chooseOne: 'Elige al menos un chat.',
  tooManyChats: 'Son más de {count} chats a la vez. Quita algunos.',
  sending: 'Reenviando…',
  sent: 'Reenviado a {name}',
  sentMany: { one: 'Reenviado a {count} chat', many: 'Reenviado a {count} chats', other: 'Reenviado a {count} chats' },
  open: 'Abrir',
  selected: { one: '{count} seleccionado', many: '{count} seleccionados', other: '{count} seleccionados' },
  isSelected: 'seleccionado',
  tooMany: 'Puedes seleccionar {count} mensajes a la vez.',
  stop: 'Dejar de seleccionar',
  copy: 'Copiar el texto',
  delete: {
    here: {
      title: { one: '¿Eliminar aquí este mensaje?', many: '¿Eliminar aquí {count} mensajes?', other: '¿Eliminar aquí {count} mensajes?' },
      lead: 'Afecta solo a este dispositivo. Los demás conservan lo que tienen. No se puede deshacer.',
    },
    everyone: {
      title: {
        one: '¿Eliminar este mensaje para todos?',
        many: '¿Eliminar {count} mensajes para todos?',
        other: '¿Eliminar {count} mensajes para todos?',
      },
      lead: 'Se elimina aquí y en cada uno de los demás dispositivos cuando vuelva a estar en línea. Lo que alguien ya haya leído, copiado o fotografiado lo conserva. No se puede deshacer.',
    },
  },
  shared: {
    title: 'Compartir en Kith',
    note: 'Elige un chat. No se envía nada hasta que pulses enviar allí.',
    gone: 'Lo que compartiste ya no está aquí. Compártelo otra vez.',
    tooMuch: 'Es más de lo que Kith acepta de una vez. Comparte menos.',
    nobody: 'Todavía no hay nadie a quien enviárselo. Empieza un chat y compártelo otra vez.',
    go: 'Continuar',
  },
  refused: {
    'not-here': 'Una foto o un archivo aún no está en este dispositivo. Tráelo primero y luego reenvíalo.',
    'unknown-message': 'Un mensaje que elegiste ya no está aquí, así que no se reenvió nada más.',
    'unknown-conversation': 'Ese chat ya no está en este dispositivo, así que no se reenvió nada más.',
    closed: 'En ese chat ya no lo recibiría nadie. No se reenvió nada más.',
    'no-room': 'En este dispositivo no cabe otra copia. Libera espacio e inténtalo de nuevo.',
    other: 'No ha funcionado, y no se ha perdido nada. Inténtalo de nuevo.',
  },
}
