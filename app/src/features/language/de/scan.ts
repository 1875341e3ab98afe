// Deutsch: was beim Scannen von Codes gesagt wird. Ein Teil von later.ts.

import type { LaterOf } from '../catalogue.ts'

export const scan: LaterOf<'de'>['scan'] = {
  open: 'Code scannen',
  title: { linking: 'Code scannen', invite: 'Einladung scannen', safety: 'Anderen Code scannen' },
  lead: {
    linking: 'Richte die Kamera auf den Code auf deinem anderen Gerät.',
    invite: 'Richte die Kamera auf den Code der Einladung.',
    safety: 'Richte die Kamera auf den Code auf dem anderen Bildschirm.',
  },
  asking: 'Wartet auf die Kamera. Fragt der Browser, erlaube sie.',
  looking: 'Sucht einen Code',
  nothing: 'Noch kein Code. Halte ihn ganz in den Rahmen, und halte still.',
  reading: 'Das Bild wird durchsucht',
  failed: {
    'no-code': 'In diesem Bild ist kein Code, den Kith lesen kann. Er muss ganz darauf und scharf sein.',
    'no-picture': 'Diese Datei lässt sich nicht als Bild öffnen.',
    'no-reader': 'Was Codes liest, ließ sich nicht laden. Beim ersten Mal braucht es ein Netz.',
  },
  refused: {
    linking:
      'Mit diesem Code wird ein Gerät hinzugefügt. Scanne ihn dort, wo „Ich nutze Kith schon woanders“ steht, und nur, wenn ihn ein eigenes Gerät zeigt.',
    invite: 'Das ist eine Einladung in einen Chat. Scanne sie unter „Einen erhaltenen Link öffnen“.',
    safety: 'Das ist eine Sicherheitsnummer. Scanne sie in den Details des Chats mit dieser Person.',
    elsewhere: 'Diese Einladung gilt für Kith auf {host}. Öffne sie dort. Hier wurde nichts geöffnet.',
    other: 'Das ist kein Code von Kith. Es wurde nichts geöffnet.',
  },
  lamp: 'Licht',
  picture: 'Stattdessen ein Bild wählen',
  stays: 'Nichts wird aufgenommen, und kein Bild verlässt dieses Gerät.',
  compare: {
    open: 'Durch Scannen vergleichen',
    title: 'Durch Scannen vergleichen',
    lead: 'Gerade zusammen? Öffnet das auf beiden Geräten, dann scannt einer den Code des anderen.',
    qr: 'QR-Code deiner Sicherheitsnummer mit {name}',
    yours: 'Dein Code, für {name}',
    scan: 'Anderen Code scannen',
    match: { title: 'Sie sind gleich', text: 'Niemand ist dazwischen. {name} gilt hier jetzt als verglichen.' },
    mismatch: {
      title: 'Sie sind verschieden',
      text: 'Entweder gehört dieser Code zu einem anderen Chat, oder jemand ist dazwischen und kann mitlesen.',
      what: 'Bitte {name}, die Details dieses Chats zu öffnen und den Code dort zu zeigen. Sind sie dann immer noch verschieden, schreib hier nichts, was Fremde nicht lesen dürfen.',
    },
    own: 'Diesen Code zeigt eins deiner eigenen Geräte. Scanne den, den {name} dir zeigt.',
    broken: 'Von diesem Code fehlt ein Teil, oder er ist aus einem neueren Kith. Scanne ihn noch einmal.',
    again: 'Noch einmal scannen',
    done: 'Fertig',
  },
}
