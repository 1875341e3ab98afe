// Deutsch: was über Umfragen, Checklisten und Notizen gesagt wird. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const living: LaterOf<'de'>['living'] = {
  file: 'Foto oder Datei',
  new: { poll: 'Umfrage', checklist: 'Checkliste', note: 'Notiz' },
  title: { poll: 'Frage', checklist: 'Titel', note: 'Titel' },
  option: 'Antwort {count}',
  several: 'Mehrere Antworten erlauben',
  send: 'Senden',
  closed: 'Beendet',
  votes: { one: '{count} Stimme', other: '{count} Stimmen' },
  done: '{count} von {all} erledigt',
  details: 'Details',
  add: 'Punkt hinzufügen',
  rename: '{name} umbenennen',
  remove: '{name} entfernen',
  edit: 'Bearbeiten',
  save: 'Speichern',
  close: 'Umfrage beenden',
  closeSure: 'Endgültig beenden',
  changes: 'Wer was geändert hat',
  unchanged: 'Noch keine Änderungen.',
  leaveOut: 'Weglassen',
  takeIn: 'Zurückholen',
  leftOut: 'Änderungen von {name} sind für dich weggelassen. Die anderen sehen sie weiterhin.',
  did: {
    voted: 'Abgestimmt',
    closed: 'Umfrage beendet',
    added: 'Hinzugefügt',
    renamed: 'Umbenannt',
    ticked: 'Abgehakt',
    unticked: 'Wieder offen',
    removed: 'Entfernt',
    wrote: 'Geschrieben',
    late: 'Nach dem Ende der Umfrage abgestimmt. Zählt nicht.',
  },
  refused: {
    empty: 'Schreib erst einen Titel. Eine Umfrage braucht auch zwei Antworten.',
    over: 'Diese Umfrage ist beendet, darum wurde nichts geändert.',
    full: 'Du hast das so oft geändert, wie eine Person es kann. Die anderen können es noch.',
  },
}
