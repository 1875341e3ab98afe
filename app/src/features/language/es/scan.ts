// Español: lo que se dice al escanear códigos. Una parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const scan: LaterOf<'es'>['scan'] = {
  open: 'Escanear un código',
  title: { linking: 'Escanea el código', invite: 'Escanea una invitación', safety: 'Escanea su código' },
  lead: {
    linking: 'Apunta con la cámara al código de tu otro dispositivo.',
    invite: 'Apunta con la cámara al código de su invitación.',
    safety: 'Apunta con la cámara al código de su pantalla.',
  },
  asking: 'Esperando a la cámara. Si el navegador pregunta, permítela.',
  looking: 'Buscando un código',
  nothing: 'Aún no hay código. Encuádralo entero y no te muevas.',
  reading: 'Buscando en la imagen',
  failed: {
    'no-code': 'En esta imagen no hay ningún código que Kith pueda leer. Tiene que verse entero y nítido.',
    'no-picture': 'Este archivo no se puede abrir como imagen.',
    'no-reader': 'No se pudo cargar lo que lee los códigos. La primera vez necesita una red.',
  },
  refused: {
    linking:
      'Este código sirve para añadir un dispositivo. Escanéalo en «Ya uso Kith en otro sitio», y solo si lo muestra un dispositivo tuyo.',
    invite: 'Es una invitación a un chat. Escanéala en «Abrir un enlace que te han dado».',
    safety: 'Es un número de seguridad. Escanéalo en los detalles del chat con esa persona.',
    elsewhere: 'Esta invitación es para Kith en {host}. Ábrela allí. Aquí no se ha abierto nada.',
    other: 'No es un código de Kith. No se ha abierto nada.',
  },
  lamp: 'Luz',
  picture: 'Elegir una imagen',
  stays: 'No se graba nada, y ninguna imagen sale de este dispositivo.',
  compare: {
    open: 'Comparar escaneando',
    title: 'Comparar escaneando',
    lead: '¿Estáis juntos? Abrid esto en los dos dispositivos y que uno escanee el código del otro.',
    qr: 'Código QR de tu número de seguridad con {name}',
    yours: 'Tu código, para {name}',
    scan: 'Escanear su código',
    match: { title: 'Coinciden', text: 'No hay nadie en medio. {name} queda marcado aquí como comparado.' },
    mismatch: {
      title: 'No coinciden',
      text: 'O este código es de otro chat, o hay alguien en medio que puede leerlo todo.',
      what: 'Pide a {name} que abra los detalles de este chat y muestre el código de allí. Si sigue sin coincidir, no escribas aquí nada que un extraño no deba leer.',
    },
    own: 'Este código lo muestra un dispositivo tuyo. Escanea el que te muestra {name}.',
    broken: 'A este código le falta una parte, o es de un Kith más nuevo. Escanéalo otra vez.',
    again: 'Escanear otra vez',
    done: 'Listo',
  },
}
