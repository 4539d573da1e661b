# The emulator of both gateways as an image: one static program, no shell, no other user than its own.
#
#   docker build -t privacy-number-emulator .
#   docker run -p 8700:8700 -e PRIVACY_NUMBER_EMULATOR_TOKEN=a-long-random-token privacy-number-emulator
#
# With `-v emulator:/state` and the argument `--state /state/state.json` it keeps its state over restarts.

FROM rust:1.89-alpine AS build
WORKDIR /build
COPY . .
# Without TLS: the server needs none, and receipts are pushed to http:// URLs.
ENV CARGO_PROFILE_RELEASE_STRIP=symbols
RUN cargo build --locked --release --no-default-features --features emulator-server --bin privacy-number-emulator \
    && mkdir state

FROM scratch
COPY --from=build /build/target/release/privacy-number-emulator /privacy-number-emulator
COPY --from=build --chown=65532:65532 /build/state /state
USER 65532:65532
VOLUME /state
EXPOSE 8700
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["/privacy-number-emulator", "--health"]
ENTRYPOINT ["/privacy-number-emulator", "--host", "0.0.0.0"]
