// Deutsch: was über Nachrichten mit einem Termin gesagt wird. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const scheduled: LaterOf<'de'>['scheduled'] = {
  later: 'Später senden …',
  title: 'Später senden',
  change: 'Zeit ändern',
  text: 'Nachricht',
  place: 'Was gesendet werden soll',
  choices: 'Wann sie gesendet wird',
  evening: 'Heute Abend',
  morning: 'Morgen früh',
  pick: 'Datum und Uhrzeit wählen',
  when: 'Datum und Uhrzeit',
  schedule: 'Planen',
  how: 'Sie geht dann raus, auch wenn dieses Gerät aus ist. Bis dahin kann sie niemand sonst lesen.',
  at: { today: 'heute um {time}', tomorrow: 'morgen um {time}', day: '{day} um {time}' },
  line: { one: '{count} Nachricht geht {time} raus', other: '{count} Nachrichten gehen raus, die nächste {time}' },
  list: 'Geplante Nachrichten',
  open: 'Geplante Nachrichten anzeigen',
  none: 'In diesem Chat ist nichts geplant.',
  goes: 'Geht {time} raus',
  left: 'Geht von selbst raus, auch wenn dieses Gerät aus ist.',
  here: 'Das Relay hat sie noch nicht. Sie ist hier gespeichert, und dieses Gerät muss dann online sein.',
  now: 'Jetzt senden',
  delete: 'Löschen',
  deleted: 'Gelöscht. Niemand sonst hat sie gelesen.',
  undo: 'Rückgängig',
  refused: {
    empty: 'Schreib zuerst eine Nachricht.',
    past: 'Diese Zeit ist schon vorbei. Wähl eine spätere.',
    'too-far': 'Das ist mehr als ein Jahr hin. Wähl ein früheres Datum.',
    full: 'In diesem Chat warten schon so viele Nachrichten, wie es geht. Sende oder lösche zuerst eine.',
    closed: 'In diesem Chat ist niemand, den sie erreichen könnte.',
    'unknown-message': 'Sie ist schon rausgegangen oder wurde geändert.',
  },
}
