import { suite } from 'node:test';
import { kinds, losses, lossesHere, tryLoss, tryStopping, ways } from './lost-server-trial.ts';

// Each way and each loss with two kinds of steps; all of them with each other are in lost-server.long.ts.
lossesHere();

for (const [index, way] of ways.entries()) {
  suite(`a server that is reached ${way.name}`, { concurrency: 2 }, () => {
    const loss = losses[index];
    const own = [kinds[index], kinds[index + 2]];
    for (const kind of own) if (kind && loss) tryLoss(kind, way, loss);
    if (own[0] && index === 1) tryStopping(own[0], way);
  });
}
