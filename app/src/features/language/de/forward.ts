// Deutsch: was beim Auswählen und Weiterleiten gesagt wird. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const forward: LaterOf<'de'>['forward'] = {
  forward: 'Weiterleiten',
  select: 'Auswählen',
  title: { one: 'Nachricht weiterleiten', other: '{count} Nachrichten weiterleiten' },
  note: 'Das geht in deinem Namen hinaus. Niemand erfährt, woher es kommt.',
  find: 'Deine Chats durchsuchen',
  who: 'Wohin sie geht',
  none: 'Kein Chat heißt so.',
  more: 'Such nach den anderen.',
  noChats: 'Es gibt noch keinen anderen Chat, in den du das weiterleiten könntest.',
  chooseOne: 'Wähle mindestens einen Chat.',
  tooManyChats: 'Das sind mehr als {count} Chats auf einmal. Nimm ein paar heraus.',
  sending: 'Wird weitergeleitet …',
  sent: 'An {name} weitergeleitet',
  sentMany: { one: 'In {count} Chat weitergeleitet', other: 'In {count} Chats weitergeleitet' },
  open: 'Öffnen',
  selected: { one: '{count} ausgewählt', other: '{count} ausgewählt' },
  isSelected: 'ausgewählt',
  tooMany: 'Du kannst {count} Nachrichten auf einmal auswählen.',
  stop: 'Auswahl beenden',
  copy: 'Text kopieren',
  delete: {
    here: {
      title: { one: 'Diese Nachricht hier löschen?', other: '{count} Nachrichten hier löschen?' },
      lead: 'Das betrifft nur dieses Gerät. Alle anderen behalten, was sie haben. Es lässt sich nicht rückgängig machen.',
    },
    everyone: {
      title: { one: 'Diese Nachricht für alle löschen?', other: '{count} Nachrichten für alle löschen?' },
      lead: 'Gelöscht wird hier und auf jedem anderen Gerät, sobald es wieder online ist. Was jemand schon gelesen, kopiert oder fotografiert hat, bleibt bei ihm. Das lässt sich nicht rückgängig machen.',
    },
  },
  shared: {
    title: 'In Kith teilen',
    note: 'Wähle einen Chat. Es wird erst gesendet, wenn du dort auf Senden drückst.',
    gone: 'Was du geteilt hast, ist nicht mehr da. Teil es noch einmal.',
    tooMuch: 'Das ist mehr, als Kith auf einmal nimmt. Teil weniger davon.',
    nobody: 'Hier ist noch niemand, dem du das senden könntest. Beginn zuerst einen Chat und teil es dann noch einmal.',
    go: 'Weiter',
  },
  refused: {
    'not-here': 'Ein Foto oder eine Datei davon ist noch nicht auf diesem Gerät. Hol es erst und leite es dann weiter.',
    'unknown-message': 'Eine ausgewählte Nachricht ist nicht mehr hier, darum wurde nichts weiter weitergeleitet.',
    'unknown-conversation': 'Dieser Chat ist nicht mehr auf diesem Gerät, darum wurde nichts weiter weitergeleitet.',
    closed: 'In diesem Chat bekäme es niemand mehr. Es wurde nichts weiter weitergeleitet.',
    'no-room': 'Auf diesem Gerät ist kein Platz für eine weitere Kopie. Schaff etwas Platz und versuch es noch einmal.',
    other: 'Das hat nicht geklappt, und nichts ging verloren. Versuch es noch einmal.',
  },
}
