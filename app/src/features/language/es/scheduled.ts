// Español: lo que se dice de los mensajes con fecha. Una parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const scheduled: LaterOf<'es'>['scheduled'] = {
  later: 'Enviar más tarde…',
  title: 'Enviar más tarde',
  change: 'Cambiar la hora',
  text: 'Mensaje',
  place: 'Qué enviar',
  choices: 'Cuándo enviarlo',
  evening: 'Esta tarde',
  morning: 'Mañana por la mañana',
  pick: 'Elegir fecha y hora',
  when: 'Fecha y hora',
  schedule: 'Programar',
  how: 'Saldrá entonces, aunque este dispositivo esté apagado. Hasta ese momento nadie más puede leerlo.',
  at: { today: 'hoy a las {time}', tomorrow: 'mañana a las {time}', day: '{day} a las {time}' },
  line: {
    one: '{count} mensaje sale {time}',
    many: '{count} de mensajes por salir, el próximo {time}',
    other: '{count} mensajes por salir, el próximo {time}',
  },
  list: 'Mensajes programados',
  open: 'Ver los mensajes programados',
  none: 'No hay nada programado en este chat.',
  goes: 'Sale {time}',
  left: 'Sale por sí solo, aunque este dispositivo esté apagado.',
  here: 'El relé aún no lo tiene. Está guardado aquí, y este dispositivo tendrá que estar en línea entonces.',
  now: 'Enviar ahora',
  delete: 'Eliminar',
  deleted: 'Eliminado. Nadie más lo ha leído.',
  undo: 'Deshacer',
  refused: {
    empty: 'Primero escribe un mensaje.',
    past: 'Esa hora ya ha pasado. Elige una posterior.',
    'too-far': 'Falta más de un año. Elige una fecha anterior.',
    full: 'En este chat ya esperan todos los mensajes que caben. Envía o elimina uno primero.',
    closed: 'En este chat no hay nadie a quien pueda llegar.',
    'unknown-message': 'Ya ha salido o se ha cambiado.',
  },
}
