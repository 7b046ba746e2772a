# Keras 2.2: deep Q-learning with replay on a corridor of six fields; the goal is at its right end.
import random
from collections import deque

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam

random.seed(0)
np.random.seed(0)
FIELDS, ACTIONS = 6, 2


class DQNAgent:
    def __init__(self):
        self.memory = deque(maxlen=500)
        self.gamma = 0.9
        self.epsilon = 1.0
        self.model = self._build_model()

    def _build_model(self):
        model = Sequential()
        model.add(Dense(24, input_dim=FIELDS, activation="relu"))
        model.add(Dense(ACTIONS, activation="linear"))
        model.compile(loss="mse", optimizer=Adam(lr=0.01))
        return model

    def act(self, state):
        if np.random.rand() <= self.epsilon:
            return random.randrange(ACTIONS)
        return np.argmax(self.model.predict(state, verbose=0)[0])

    def replay(self, batch_size):
        batch = random.sample(self.memory, batch_size)
        states = np.vstack([b[0] for b in batch])
        following = np.vstack([b[3] for b in batch])
        targets = self.model.predict(states, verbose=0)
        best = self.model.predict(following, verbose=0).max(axis=1)
        for row, (_, action, reward, _, done) in enumerate(batch):
            targets[row, action] = reward if done else reward + self.gamma * best[row]
        self.model.fit(states, targets, epochs=1, batch_size=batch_size, verbose=0)
        self.epsilon = max(0.1, self.epsilon * 0.98)


def one_hot(field):
    return np.eye(FIELDS)[field : field + 1]


agent = DQNAgent()
for episode in range(40):
    field = random.randrange(FIELDS - 1)
    for time in range(12):
        action = agent.act(one_hot(field))
        moved = min(max(field + (1 if action else -1), 0), FIELDS - 1)
        done = moved == FIELDS - 1
        agent.memory.append((one_hot(field), action, 1.0 if done else 0.0, one_hot(moved), done))
        field = moved
        if len(agent.memory) > 32:
            agent.replay(32)
        if done:
            break
q = agent.model.predict(np.eye(FIELDS)[:-1])
print(q.round(2))
assert (q.argmax(axis=1) == 1).all()
assert abs(q[-1, 1] - 1.0) < 0.2
assert q[-1, 1] > q[1, 1]
