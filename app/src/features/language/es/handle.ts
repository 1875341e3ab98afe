// Español: lo que se dice de los alias. Parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const handle: LaterOf<'es'>['handle'] = {
  title: 'Tu alias',
  note: 'Para que te encuentren en este relay',
  lead: 'Quien conozca tu alias en este relay puede enviarte una solicitud. El relay sabrá que el alias es tuyo. Las solicitudes llegan solo a este dispositivo.',
  claim: 'Usar este alias',
  listed: 'Se encuentra por el principio',
  listedNote: 'Así también pueden recorrer los alias desconocidos',
  free: 'Dejarlo',
  freeTitle: '¿Dejar este alias?',
  freeLead: 'Ya nadie te encontrará por él. Durante 30 días nadie más podrá tenerlo; después, cualquiera. Tus chats se quedan.',
  keep: 'Conservarlo',
  find: 'Buscar por alias',
  helloNote: 'Verá lo que escribas como una solicitud y decidirá si responde. Un alias no demuestra quién es alguien.',
  way: 'Te encontró por tu alias, {time}. Sin comparar.',
  refused: {
    malformed: 'Un alias tiene de 3 a 24 caracteres: de la a a la z, cifras y, entre ellos, . _ - sueltos.',
    taken: 'Este alias, u otro parecido, ya está ocupado.',
    full: 'Tienes un alias en otro dispositivo o has dejado demasiados hace poco.',
    'too-many': 'Demasiadas veces en poco tiempo. Inténtalo de nuevo en unos minutos.',
    unknown: 'No se encuentra a nadie así.',
    'relay-away': 'No se puede llegar al relay ahora mismo. Inténtalo de nuevo en un momento.',
    'not-genuine': 'La respuesta del relay no está firmada por su dueño, así que Kith no la usa.',
  },
}
