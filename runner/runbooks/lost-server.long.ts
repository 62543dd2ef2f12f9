import { suite } from 'node:test';
import { kinds, losses, lossesHere, tryLoss, tryStopping, ways } from './lost-server-trial.ts';

// Each kind of step, on a server that is reached in each way, and lost in each way.
lossesHere();

for (const way of ways) {
  suite(`a server that is reached ${way.name}`, { concurrency: 4 }, () => {
    for (const loss of losses) for (const kind of kinds) tryLoss(kind, way, loss);
    for (const kind of kinds) tryStopping(kind, way);
  });
}
