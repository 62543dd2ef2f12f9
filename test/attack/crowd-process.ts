import { connect, type Socket } from 'node:net';

// Connections of somebody who says `first` and then nothing, held open; with `again` one that is closed is opened anew.
// Prints how many connections were made, each time a thousand more; ends with its standard input.
const [port, size, first = '', again] = process.argv.slice(2);
const open = new Set<Socket>();
let made = 0;

function join(): void {
  const socket = connect({ host: '127.0.0.1', port: Number(port) }, () => {
    socket.write(first);
    made += 1;
    if (made % 1000 === 0) process.stdout.write(`${made}\n`);
  });
  open.add(socket);
  socket.on('error', () => undefined).resume();
  socket.on('close', () => {
    open.delete(socket);
    if (again) join();
  });
}

for (let count = 0; count < Number(size); count += 1) join();
process.stdin.resume().on('end', () => process.exit());
