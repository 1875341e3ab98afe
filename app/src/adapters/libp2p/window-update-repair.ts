// A habit of @libp2p/yamux 8.0 that costs a packet for each message that arrives: it says at once how much more may be sent. Here it says so once half of
// the window is used up, as other implementations do; the sender always has the other half. For streams that are open.

type Windowed = { readonly recvWindow: number; readonly recvWindowCapacity: number; sendWindowUpdate(): void }

export function repairWindowUpdates(stream: object): void {
  if (!isWindowed(stream)) return
  const update = stream.sendWindowUpdate.bind(stream)
  let isFirst = true
  stream.sendWindowUpdate = () => {
    // The first one may have to say that the stream is accepted.
    if (isFirst || stream.recvWindowCapacity <= stream.recvWindow / 2) update()
    isFirst = false
  }
}

const isWindowed = (stream: object): stream is Windowed =>
  'sendWindowUpdate' in stream && 'recvWindow' in stream && 'recvWindowCapacity' in stream
