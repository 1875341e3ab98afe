// Español: lo que se dice de encuestas, listas y notas. Parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const living: LaterOf<'es'>['living'] = {
  file: 'Foto o archivo',
  new: { poll: 'Encuesta', checklist: 'Lista', note: 'Nota' },
  title: { poll: 'Pregunta', checklist: 'Título', note: 'Título' },
  option: 'Opción {count}',
  several: 'Permitir elegir varias',
  send: 'Enviar',
  closed: 'Cerrada',
  votes: { one: '{count} voto', many: '{count} votos', other: '{count} votos' },
  done: '{count} de {all} hechos',
  details: 'Detalles',
  add: 'Añadir un elemento',
  rename: 'Cambiar el nombre de {name}',
  remove: 'Quitar {name}',
  edit: 'Editar',
  save: 'Guardar',
  close: 'Cerrar la encuesta',
  closeSure: 'Cerrarla para siempre',
  changes: 'Quién cambió qué',
  unchanged: 'Aún no hay cambios.',
  leaveOut: 'Omitir',
  takeIn: 'Recuperar',
  leftOut: 'Los cambios de {name} están omitidos para ti. Los demás los siguen viendo.',
  did: {
    voted: 'Votó',
    closed: 'Cerró la encuesta',
    added: 'Añadió',
    renamed: 'Cambió el nombre',
    ticked: 'Marcó',
    unticked: 'Desmarcó',
    removed: 'Quitó',
    wrote: 'Escribió',
    late: 'Votó con la encuesta ya cerrada. No cuenta.',
  },
  refused: {
    empty: 'Escribe primero un título. Una encuesta también necesita dos opciones.',
    over: 'Esta encuesta está cerrada, así que no cambió nada.',
    full: 'Ya lo cambiaste tantas veces como puede una persona. Los demás aún pueden.',
  },
}
