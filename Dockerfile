# Two stages: one builds with all tools; the other is Debian with Node and the production dependencies, without npm, for a numeric
# user. The exporter writes no files, so `--read-only` and any `--user` work.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY scripts/build-runbook.ts scripts/runbook-page.ts ./scripts/
COPY docs/runbook.md ./docs/
# Without type declarations and source maps, which nothing reads at run time. Every user can read the files, whatever their mode in the
# checkout is.
RUN npm run build \
    && npm prune --omit=dev --ignore-scripts \
    && find node_modules -type f \( -name '*.ts' -o -name '*.[cm]ts' -o -name '*.map' \) -delete \
    && chmod -R a+rX .

FROM debian:12.15-slim
# Built on the same Debian release, so the C++ library matches.
COPY --from=build /usr/local/bin/node /usr/local/bin/node
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# For `docker exec CONTAINER electrumx-rpc getinfo`.
RUN ln -s /app/dist/main.js /usr/local/bin/electrumx-exporter \
    && ln -s /app/dist/cli/main.js /usr/local/bin/electrumx-rpc
USER 65532:65532
EXPOSE 10061
# Does not query ElectrumX: an engine must not restart the exporter while the server is down. It reads the environment of the
# exporter, so set the listen address and the web configuration file there, and not by arguments.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["node", "/app/dist/main.js", "--healthcheck"]
ENTRYPOINT ["node", "/app/dist/main.js"]
# Last, because it changes with every build: docker build --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="electrumx-exporter" \
      org.opencontainers.image.description="Prometheus exporter for ElectrumX" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
