// Español: lo que dicen los paneles de enlaces. Una parte de later.ts.

import type { LaterOf } from '../catalogue.ts'

export const invite: LaterOf<'es'>['invite'] = {
  title: 'Envía este enlace',
  lead: 'La primera persona que lo abra entra en este chat y lee tu mensaje. Envíalo como quieras.',
  leadEmpty: 'La primera persona que lo abra entra en este chat. Envíalo como quieras.',
  qr: 'Código QR del enlace de invitación',
  camera: '¿Estáis juntos? Que lo escanee.',
  link: 'Enlace de invitación',
  share: 'Compartir',
  copy: 'Copiar',
  copyLink: 'Copiar enlace',
  name: 'Tu nombre, para que se sepa quién escribe',
  nameNote: 'Opcional. Puedes cambiarlo cuando quieras.',
  copied: 'Copiado',
  copyFailed: 'El navegador no dejó que Kith copiara el enlace. Está seleccionado: cópialo del campo.',
  shareText: 'Habla conmigo en Kith',
  validity: 'Para una persona, hasta el {time}',
  end: 'Cancelar el enlace',
  toChat: 'Abrir el chat',
  endTitle: '¿Cancelar el enlace?',
  endLead: 'Nadie más podrá entrar con él. A quien lo abra se le avisará. Lo que escribiste se queda aquí.',
  endKeep: 'Conservar el enlace',
  waiting: 'Tu mensaje espera en el relé, sellado. Ya puedes cerrar Kith.',
  waitingEmpty: 'El enlace funciona, incluso con Kith cerrado.',
  saved: 'Guardado aquí. Irá al relé cuando vuelva la red. Hasta entonces, deja Kith abierto.',
  used: 'Alguien se unió con este enlace. No se puede usar otra vez.',
  expired: 'Este enlace caducó el {time}. Empieza un chat nuevo para tener otro.',
  revoked: 'Cancelaste este enlace. Empieza un chat nuevo para tener otro.',
  usedTitle: 'Este enlace ya se usó',
  overTitle: 'Este enlace ya no funciona',
}

export const paste: LaterOf<'es'>['paste'] = {
  title: 'Abrir un enlace que te han dado',
  lead: 'Pega el enlace o el mensaje entero en el que venía.',
  field: 'Enlace',
  open: 'Abrir',
  notALink: 'Aquí no hay ningún enlace de Kith. Un enlace de Kith contiene #i/ y un código largo.',
}
