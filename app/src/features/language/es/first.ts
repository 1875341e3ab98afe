// Español: las palabras de las primeras pantallas.

import type { FirstOf } from '../catalogue.ts'
import { talk } from './chat.ts'

export const first: FirstOf<'es'> = {
  ...talk,
  app: 'Kith',
  skip: 'Ir al campo de mensaje',
  close: 'Cerrar',
  back: 'Volver a los chats',
  you: 'Tú',
  somebody: 'Alguien',
  newChat: 'Chat nuevo',
  group: 'Grupo',
  addByLink: 'Abrir un enlace que te han dado',
  tryAgain: 'Reintentar',
  later: 'Más tarde',
  save: 'Guardar',
  saved: 'Guardado',
  opening: 'Abriendo tus chats',
  openingChat: 'Abriendo este chat',
  unread: { one: '{count} sin leer', many: '{count} sin leer', other: '{count} sin leer' },

  start: {
    title: '¿Con quién quieres hablar?',
    lead: 'Escribe algo y luego envía el enlace. Quien lo abra podrá leerlo y responder al momento, sin instalar nada y sin cuenta.',
    field: 'Tu primer mensaje',
    private: 'Solo vosotros dos podéis leerlo',
    paste: 'Pegar un enlace que te han dado o escanearlo',
    elsewhere: 'Ya uso Kith en otro sitio',
    onDevices: 'Tus mensajes se quedan en tus dispositivos',
    nameLater: 'Di tu nombre más tarde, si quieres',
    worksOffline: 'Funciona también sin conexión',
    noRelay: 'Tu primer enlace necesita la red una vez. Tu texto está a salvo aquí y el chat empezará solo en cuanto responda el relé.',
    tooLong: 'Es demasiado largo para un solo mensaje. Acórtalo o envía el resto cuando te respondan.',
  },

  list: {
    label: 'Chats',
    pickTitle: 'Elige un chat',
    pick: 'O empieza uno nuevo y envía el enlace.',
    search: 'Buscar en todo',
    leave: 'Cerrar la búsqueda',
    draft: 'Borrador',
    nobodyYet: 'Enlace aún sin abrir',
    nothingYet: 'Nada escrito todavía',
    coming: 'Los mensajes están en camino',
    more: 'Más sobre {name}',
    marked: 'Marcado como no leído',
    notAccepted: 'Aún sin aceptar',
    blocked: 'Bloqueo',
    fromBlocked: 'Mensaje de alguien a quien bloqueaste',
  },

  time: {
    today: 'Hoy',
    yesterday: 'Ayer',
    now: 'ahora',
    at: 'hoy, {time}',
    yesterdayAt: 'ayer, {time}',
    on: 'el {time}',
    sinceAt: 'las {time}',
    sinceYesterdayAt: 'ayer, {time}',
    sinceOn: 'el {time}',
  },

  banner: {
    offline: 'Sin red. Puedes seguir escribiendo.',
    relayAway: 'El relé no responde. Los chats directos siguen; los demás mensajes esperan aquí.',
  },

  toast: {
    wentOut: {
      one: 'De nuevo en línea. Salió {count} mensaje.',
      many: 'De nuevo en línea. Salieron {count} de mensajes.',
      other: 'De nuevo en línea. Salieron {count} mensajes.',
    },
    update: 'Hay una versión nueva. Empezará la próxima vez que abras Kith.',
    updateNow: 'Empezar ya',
    message: '{name}: {text}',
    open: 'Abrir',
    unknown: 'Eso no funcionó, pero no se perdió nada. Inténtalo otra vez o copia los detalles para quien lleva tu relé.',
    full: 'Este dispositivo no tiene espacio, así que esto no se guardó. Libera espacio e inténtalo otra vez.',
    textOnly: 'Para enviar un archivo, abre un chat y suéltalo allí.',
    copyDetails: 'Copiar detalles',
    region: 'Avisos',
  },

  name: {
    question: '¿Cómo quieres que te llame {name}?',
    questionNobody: '¿Cómo quieres que te llamen?',
    note: 'Solo lo ven las personas con las que hablas. Puedes cambiarlo cuando quieras.',
    field: 'Tu nombre',
    tooLong: 'Este nombre es demasiado largo. Acórtalo un poco.',
  },

  settings: {
    title: 'Ajustes',
    shortProtected: 'Protegido aquí',
    shortUnprotected: 'Sin proteger aquí',
    wipeFailed: 'No se pudo borrar todo porque Kith está abierto en otra pestaña. Ciérrala e inténtalo otra vez.',
  },

  failed: {
    title: 'Kith no pudo empezar',
    unsupported:
      'Este navegador es demasiado antiguo para Kith o esta página no se cargó por una conexión segura. Actualiza el navegador y abre una dirección que empiece por https.',
    storage:
      'Este navegador no deja que Kith guarde nada. Puede deberse a una ventana privada o a que los datos de sitios estén bloqueados. Permite los datos de esta página e inténtalo otra vez.',
    blocked: 'Hay una versión anterior de Kith abierta en otra pestaña. Cierra las demás pestañas e inténtalo otra vez.',
    quotaTitle: 'No queda espacio',
    quota: 'Este dispositivo no tiene espacio para Kith, así que Kith no escribe nada. Libera espacio e inténtalo otra vez.',
    failing:
      'Este dispositivo no conservó lo que Kith escribió, así que Kith ha dejado de escribir. Reinicia el navegador e inténtalo otra vez.',
    lostTitle: 'Tus chats ya no están en este navegador',
    lost: 'Aquí había chats y el navegador los ha perdido o borrado. Kith no puede recuperarlos. Un chat que empieces ahora usa una clave nueva, así que las personas a las que escribías necesitan otro enlace tuyo.',
    startAgain: 'Empezar de nuevo',
    erasing: 'Empezando de nuevo',
    slow: 'Kith aún se está abriendo: este navegador no ha respondido todavía. Cierra otras pestañas de Kith o reinicia el navegador. No se pierde nada.',
    revoked: 'Quitado desde otro de tus dispositivos. Aquí no llega nada nuevo.',
    details: 'Copiar detalles',
    corrupt:
      'Lo guardado en este dispositivo no es lo que Kith escribió, así que Kith no lo tocará. Inténtalo otra vez; si no sirve, pregunta a quien lleva tu relé.',
    crash: 'Algo salió mal en el propio Kith. No se borró nada: lo que escribiste sigue en este dispositivo.',
    unresponsive:
      'Kith no responde en ninguna de sus pestañas. Cierra las demás e inténtalo otra vez. Lo que escribiste sigue en este dispositivo.',
    outdatedTitle: 'Se está usando una versión más nueva',
    outdated:
      'Hay una versión más nueva de Kith en otra pestaña, o se ha usado aquí. Empieza de nuevo para tenerla también en esta pestaña.',
    wipedTitle: 'Aquí se borró todo',
    wiped: 'Tu clave y tus mensajes ya no están en este navegador.',
    begin: 'Empezar de nuevo',
    code: 'Para quien lleva tu relé: {code}',
    reload: 'Reintentar',
  },
}
