// Deutsch: die Wörter der ersten Bildschirme.

import type { FirstOf } from '../catalogue.ts'
import { talk } from './chat.ts'

export const first: FirstOf<'de'> = {
  ...talk,
  app: 'Kith',
  skip: 'Zum Nachrichtenfeld',
  close: 'Schließen',
  back: 'Zurück zu den Chats',
  you: 'Du',
  somebody: 'Jemand',
  newChat: 'Neuer Chat',
  group: 'Gruppe',
  addByLink: 'Einen erhaltenen Link öffnen',
  tryAgain: 'Erneut versuchen',
  later: 'Später',
  save: 'Speichern',
  saved: 'Gespeichert',
  opening: 'Deine Chats werden geöffnet',
  openingChat: 'Dieser Chat wird geöffnet',
  unread: { one: '{count} ungelesen', other: '{count} ungelesen' },

  start: {
    title: 'Mit wem möchtest du sprechen?',
    lead: 'Schreib etwas und verschick dann den Link. Wer ihn öffnet, kann gleich lesen und antworten, ganz ohne Installation und Konto.',
    field: 'Deine erste Nachricht',
    private: 'Nur ihr zwei könnt es lesen',
    paste: 'Einen erhaltenen Link einfügen oder scannen',
    elsewhere: 'Ich nutze Kith schon woanders',
    onDevices: 'Deine Nachrichten bleiben auf deinen Geräten',
    nameLater: 'Deinen Namen kannst du später nennen, wenn du magst',
    worksOffline: 'Funktioniert auch offline',
    noRelay:
      'Dein erster Link braucht einmal das Netz. Dein Text ist hier sicher, und der Chat beginnt von selbst, sobald das Relay antwortet.',
    tooLong: 'Das ist zu lang für eine Nachricht. Kürze es, oder schick den Rest, wenn du eine Antwort hast.',
  },

  list: {
    label: 'Chats',
    pickTitle: 'Wähle einen Chat',
    pick: 'Oder beginne einen neuen und verschick den Link.',
    search: 'Alles durchsuchen',
    leave: 'Suche schließen',
    draft: 'Entwurf',
    nobodyYet: 'Link noch nicht geöffnet',
    nothingYet: 'Noch nichts geschrieben',
    coming: 'Nachrichten sind unterwegs',
    more: 'Mehr zu {name}',
    marked: 'Als ungelesen markiert',
    notAccepted: 'Noch nicht angenommen',
    blocked: 'Blockiert',
    fromBlocked: 'Nachricht von einer Person, die du blockiert hast',
  },

  time: {
    today: 'Heute',
    yesterday: 'Gestern',
    now: 'jetzt',
    at: 'um {time}',
    yesterdayAt: 'gestern um {time}',
    on: 'am {time}',
    sinceAt: '{time}',
    sinceYesterdayAt: 'gestern, {time}',
    sinceOn: 'dem {time}',
  },

  banner: {
    offline: 'Kein Netz. Du kannst weiterschreiben.',
    relayAway: 'Das Relay antwortet nicht. Direkte Chats gehen weiter; andere Nachrichten warten hier.',
  },

  toast: {
    wentOut: {
      one: 'Wieder online. {count} Nachricht ging raus.',
      other: 'Wieder online. {count} Nachrichten gingen raus.',
    },
    update: 'Eine neue Version ist da. Sie startet, wenn du Kith das nächste Mal öffnest.',
    updateNow: 'Jetzt starten',
    message: '{name}: {text}',
    open: 'Öffnen',
    unknown:
      'Das hat nicht geklappt, aber nichts ging verloren. Versuch es noch einmal, oder kopiere die Einzelheiten für die Person, die dein Relay betreibt.',
    full: 'Auf diesem Gerät ist kein Platz mehr, darum wurde das nicht gespeichert. Schaff etwas Platz und versuch es noch einmal.',
    textOnly: 'Um eine Datei zu senden, öffne einen Chat und lass sie dort los.',
    copyDetails: 'Einzelheiten kopieren',
    region: 'Hinweise',
  },

  name: {
    question: 'Wie soll {name} dich nennen?',
    questionNobody: 'Wie möchtest du genannt werden?',
    note: 'Nur wer mit dir spricht, kann ihn sehen. Du kannst ihn jederzeit ändern.',
    field: 'Dein Name',
    tooLong: 'Dieser Name ist zu lang. Kürze ihn ein wenig.',
  },

  settings: {
    title: 'Einstellungen',
    shortProtected: 'Hier geschützt',
    shortUnprotected: 'Hier nicht geschützt',
    wipeFailed: 'Es konnte nicht alles gelöscht werden, weil Kith in einem anderen Tab offen ist. Schließ ihn und versuch es noch einmal.',
  },

  failed: {
    title: 'Kith konnte nicht starten',
    unsupported:
      'Dieser Browser ist zu alt für Kith, oder die Seite kam nicht über eine sichere Verbindung. Aktualisiere den Browser und öffne eine Adresse, die mit https beginnt.',
    storage:
      'Dieser Browser lässt Kith nichts speichern. Das kann an privaten Fenstern oder blockierten Websitedaten liegen. Erlaube Websitedaten für diese Seite und versuch es noch einmal.',
    blocked: 'Eine ältere Version von Kith ist in einem anderen Tab offen. Schließ die anderen Tabs und versuch es noch einmal.',
    quotaTitle: 'Es ist kein Platz mehr da',
    quota: 'Auf diesem Gerät ist kein Platz mehr für Kith, darum schreibt Kith nichts. Schaff etwas Platz und versuch es noch einmal.',
    failing:
      'Dieses Gerät hat nicht behalten, was Kith geschrieben hat, darum schreibt Kith nichts mehr. Starte den Browser neu und versuch es noch einmal.',
    lostTitle: 'Deine Chats sind aus diesem Browser verschwunden',
    lost: 'Hier waren Chats, und der Browser hat sie verloren oder gelöscht. Kith kann sie nicht zurückholen. Ein Chat, den du jetzt beginnst, hat einen neuen Schlüssel; wem du geschrieben hast, braucht also einen neuen Link von dir.',
    startAgain: 'Neu beginnen',
    erasing: 'Wird neu begonnen',
    slow: 'Kith wird noch geöffnet: Dieser Browser hat noch nicht geantwortet. Schließ andere Tabs von Kith oder starte den Browser neu. Nichts geht verloren.',
    revoked: 'Auf einem anderen deiner Geräte entfernt. Hier kommt nichts Neues mehr an.',
    details: 'Einzelheiten kopieren',
    corrupt:
      'Was auf diesem Gerät gespeichert ist, hat Kith so nicht geschrieben, darum rührt Kith es nicht an. Versuch es noch einmal; wenn das nicht hilft, frag die Person, die dein Relay betreibt.',
    crash: 'In Kith selbst ist etwas schiefgegangen. Nichts wurde gelöscht: Was du geschrieben hast, ist noch auf diesem Gerät.',
    unresponsive:
      'Kith antwortet in keinem seiner Tabs. Schließ die anderen Tabs und versuch es noch einmal. Was du geschrieben hast, ist noch auf diesem Gerät.',
    outdatedTitle: 'Eine neuere Version ist in Gebrauch',
    outdated:
      'Eine neuere Version von Kith läuft in einem anderen Tab oder wurde hier benutzt. Starte neu, um sie auch in diesem Tab zu haben.',
    wipedTitle: 'Hier wurde alles gelöscht',
    wiped: 'Dein Schlüssel und deine Nachrichten sind nicht mehr in diesem Browser.',
    begin: 'Neu beginnen',
    code: 'Für die Person, die dein Relay betreibt: {code}',
    reload: 'Erneut versuchen',
  },
}
