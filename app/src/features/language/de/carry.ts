// Deutsch: Chats als Datei. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const carry: LaterOf<'de'>['carry'] = {
  make: 'Als Datei zu einem Gerät bringen',
  makeNote: 'Für Geräte, die nie gleichzeitig online sind',
  title: 'Diesen Chat als Datei mitnehmen',
  lead: 'Speichert, was hier geschrieben wurde, als verschlüsselte Datei. Bring sie auf einem USB-Stick hin oder verschick sie, wie du willst: Nur die Geräte, für die sie ist, können sie öffnen.',
  who: 'Für wen sie ist',
  own: 'Deine anderen Geräte',
  since: 'Was mitgeht',
  spans: {
    lacking: 'Was noch nicht angekommen ist',
    week: 'Auch die letzten 7 Tage',
    month: 'Auch die letzten 30 Tage',
    all: 'Der ganze Chat',
  },
  note: 'Fotos und Dateien folgen, sobald sich die Geräte treffen. Wer diese Datei findet, sieht, wie groß sie ist und für wie viele Geräte.',
  act: 'Datei speichern',
  making: 'Wird vorbereitet, {size}',
  saved: 'Gespeichert als {file}',
  savedNote:
    'Wähl auf dem anderen Gerät in den Einstellungen „Mitgebrachte Datei öffnen“ oder zieh sie auf das Fenster. Deine Nachrichten gelten als zugestellt, sobald du davon hörst: durch eine Datei, oder wenn ihr beide online seid.',
  done: 'Fertig',
  refused: {
    'not-met': 'Noch ist keines der anderen Geräte in diesem Chat, darum gibt es niemanden, für den sich die Datei verschließen lässt.',
    'unknown-conversation': 'Dieser Chat ist nicht mehr auf diesem Gerät.',
    gone: 'Die Datei wurde nicht fertig. Speichere sie noch einmal.',
  },
  copy: {
    make: 'Diesen Chat exportieren',
    makeNote: 'Als Seite zum Lesen und als Daten, ohne Kith',
    title: 'Diesen Chat exportieren?',
    lead: 'Speichert jede Nachricht in einer Datei: als Seite für jeden Browser und dasselbe als Daten. Fotos und Dateien sind genannt, nicht enthalten.',
    warning: 'Die Kopie ist nicht verschlüsselt: Wer sie in die Hand bekommt, kann sie lesen, und was später gelöscht wird, bleibt darin.',
    keep: 'Nicht exportieren',
    act: 'Kopie speichern',
    making: { one: '{count} Nachricht', other: '{count} Nachrichten' },
    saved: 'Gespeichert. Gib acht, wo die Kopie liegt: Sie ist nicht verschlüsselt.',
    changed: 'Der Chat hat sich beim Kopieren geändert. Versuch es noch einmal.',
    head: 'Am {time} aus Kith exportiert. Diese Kopie ist nicht verschlüsselt.',
    edited: 'bearbeitet',
    photo: 'Foto',
    notInside: 'In dieser Kopie nicht enthalten.',
  },
  open: 'Mitgebrachte Datei öffnen',
  openNote: 'Holt herein, was ein anderes Gerät für dieses gespeichert hat',
  opening: 'Datei wird geöffnet, {percent}',
  here: {
    one: '{count} Nachricht oder Änderung ist hier neu.',
    other: '{count} Nachrichten und Änderungen sind hier neu.',
  },
  nothingNew: 'Alles darin war schon hier.',
  waiting: 'Ein Teil davon baut auf Nachrichten auf, die noch nicht hier sind. Bitte um eine Datei, die weiter zurückreicht.',
  show: 'Chat zeigen',
  not: {
    'no-carry-file': 'Das ist keine solche Datei von Kith.',
    newer: 'Diese Datei ist von einem neueren Kith. Aktualisiere diese Seite und öffne sie dann noch einmal.',
    'not-for-this-device':
      'Diese Datei ist nicht für dieses Gerät: Sie ist für ein anderes, von jemandem, den du blockiert hast, oder zu alt.',
    'unknown-chat':
      'Der Chat dieser Datei ist nicht auf diesem Gerät, oder sie ist von jemandem, von dem du dort keine Nachrichten annimmst.',
    altered: 'Diese Datei wurde unterwegs beschädigt oder verändert. Ab dieser Stelle wurde nichts übernommen.',
    'cut-short': 'Das Ende dieser Datei fehlt. Kopier sie noch einmal, um den Rest zu bekommen.',
    'no-room': 'Auf diesem Gerät ist kein Platz mehr. Schaff etwas Platz und öffne die Datei noch einmal.',
    gone: 'Das Öffnen wurde unterbrochen. Öffne die Datei noch einmal.',
    'not-read': 'Die Datei ließ sich nicht lesen. Vielleicht wurde sie verschoben oder der Stick abgezogen.',
  },
}
