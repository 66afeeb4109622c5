# rcomp in a container: `docker build --tag rcomp .`, then
# `docker run --rm --volume "$PWD:/work:ro" rcomp lint`.
FROM golang:1.26.8 AS build
WORKDIR /source
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /rcomp .

FROM scratch
COPY --from=build /rcomp /rcomp
# Nobody, whom no file of the host belongs to: what is mounted has to be readable for all.
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["/rcomp"]
CMD ["lint"]
