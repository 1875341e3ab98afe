// Español: lo que se dice si otra persona puede tener la clave de alguien. Parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const alarm: LaterOf<'es'>['alarm'] = {
  what: 'Qué hacer',
  lists: {
    title: 'Dos listas de los dispositivos de {name} se contradicen',
    lead: 'Puede que otra persona tenga la clave de {name} y lea lo que escribes aquí.',
    first: 'Hasta que se aclare, no escribas aquí nada que no deba leer un extraño.',
    second: 'Pregunta a {name}, por teléfono o en persona, qué dispositivos son suyos, y comparad el número de seguridad.',
    third:
      'Un dispositivo que {name} no conozca se puede quitar en sus ajustes. Si no es posible, bloquea a {name} aquí y volved a encontraros con un enlace nuevo.',
  },
  listsMine: {
    title: 'Dos listas de tus propios dispositivos se contradicen',
    lead: 'Puede que otra persona tenga tu clave y lea lo que te escriben.',
    first: 'Mira tus dispositivos en los ajustes y quita todos los que no sean tuyos.',
    second: 'Díselo a las personas con las que escribes, por teléfono o en persona. También lo ven.',
    third: 'Si no termina, vuelve a encontrarte con ellas desde un perfil nuevo: quien tiene tu clave no puede quedar fuera de este.',
  },
  fork: {
    title: 'Un dispositivo de {name} cuenta dos historias distintas',
    lead: 'Se restauró desde una copia antigua, u otra persona usa una copia suya.',
    first: 'Lo dudoso lleva una marca. Hasta que se aclare, no escribas aquí nada que no deba leer un extraño.',
    second: 'Pregunta a {name}, por teléfono o en persona, si restauró una copia de seguridad o usa un perfil copiado.',
    third: 'Si no hizo ni lo uno ni lo otro, {name} debe quitar ese dispositivo en sus ajustes. Si no es posible, bloquea a {name} aquí.',
  },
  forkMine: {
    title: 'Uno de tus dispositivos cuenta dos historias distintas',
    lead: 'Se restauró desde una copia antigua, u otra persona usa una copia suya.',
    first: 'Si allí restauraste una copia de seguridad o copiaste un perfil, no pasa nada. Cierra una de las copias.',
    second: 'Si no hiciste ni lo uno ni lo otro, quita ese dispositivo en los ajustes.',
    third: 'Díselo a las personas con las que escribes. También lo ven.',
  },
  proof: 'Kith guarda la prueba. Nadie puede fabricarla sin la clave.',
  compare: 'Mostrar el número de seguridad',
  done: 'Está aclarado: ocultar esto',
  keep: 'Todavía no',
}
