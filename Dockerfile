# Two stages: build with all tools; run on a bare Debian with Node, the production dependencies and nothing else (no npm), as a user
# without a name. Nothing is written while it runs, so `--read-only` and any `--user` will do.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# Type declarations and source maps are for those who program with a package. The modes of a checkout must not bar other users.
RUN npm run build \
    && npm prune --omit=dev --ignore-scripts \
    && find node_modules -type f \( -name '*.ts' -o -name '*.[cm]ts' -o -name '*.map' \) -delete \
    && chmod -R a+rX .

FROM debian:12.15-slim
# From the same Debian, hence with the same C++ library.
COPY --from=build /usr/local/bin/node /usr/local/bin/node
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# So that `docker exec CONTAINER electrumx-rpc getinfo` finds the command.
RUN ln -s /app/dist/main.js /usr/local/bin/electrumx-exporter \
    && ln -s /app/dist/cli/main.js /usr/local/bin/electrumx-rpc
USER 65532:65532
EXPOSE 10061
# Never touches ElectrumX: a server that is down must not get its exporter restarted. It reads the same environment as the exporter, so
# set the listen address and the web config file there, and not by arguments, if they are not the defaults.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["node", "/app/dist/main.js", "--healthcheck"]
ENTRYPOINT ["node", "/app/dist/main.js"]
# Last, because it changes with each build: docker build --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="electrumx-exporter" \
      org.opencontainers.image.description="Prometheus exporter for ElectrumX" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
