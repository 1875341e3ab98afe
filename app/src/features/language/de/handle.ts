// Deutsch: was über Handles gesagt wird. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const handle: LaterOf<'de'>['handle'] = {
  title: 'Dein Handle',
  note: 'Damit finden dich Leute von diesem Relay',
  lead: 'Wer auf diesem Relay dein Handle kennt, kann dir eine Anfrage schicken. Das Relay erfährt, dass es dir gehört. Anfragen kommen nur auf dieses Gerät.',
  claim: 'Dieses Handle verwenden',
  listed: 'Am Anfang zu finden',
  listedNote: 'So können auch Fremde Handles durchsehen',
  free: 'Aufgeben',
  freeTitle: 'Dieses Handle aufgeben?',
  freeLead:
    'Darüber findet dich dann niemand mehr. 30 Tage lang bekommt es niemand anderes, danach kann es jeder haben. Deine Chats bleiben.',
  keep: 'Behalten',
  find: 'Über ein Handle finden',
  helloNote: 'Was du schreibst, ist dort eine Anfrage, die beantwortet wird oder nicht. Ein Handle beweist nicht, wer jemand ist.',
  way: 'Hat dich über dein Handle gefunden, {time}. Nicht verglichen.',
  refused: {
    malformed: 'Ein Handle hat 3 bis 24 Zeichen: a bis z, Ziffern und dazwischen einzelne . _ -',
    taken: 'Dieses Handle oder ein ähnliches ist vergeben.',
    full: 'Du hast ein Handle auf einem anderen Gerät oder hast zuletzt zu viele aufgegeben.',
    'too-many': 'Zu oft in kurzer Zeit. Versuch es in ein paar Minuten noch einmal.',
    unknown: 'So ist hier niemand zu finden.',
    'relay-away': 'Das Relay ist gerade nicht erreichbar. Versuch es gleich noch einmal.',
    'not-genuine': 'Die Antwort des Relays ist nicht vom Besitzer unterschrieben, darum verwendet Kith sie nicht.',
  },
}
