// respond/ALG/SIZE: a backend's bytes to the response's bytes, through twin::respond, two members signed; what gateway-sign-bench calls its
// pipeline. parse, write and sign are its parts. Names sort as `compare` reads them.
#include "core/gateway/config.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/twin/respond.h"

#include <benchmark/benchmark.h>

#include <QFile>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace tokenlab;

namespace {

QByteArray contentOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "tokenlab_bench: cannot read %s\n", path.c_str());
        std::exit(1);
    }
    return file.readAll();
}

QByteArray bodyOf(const std::string &size)
{
    return contentOf(TOKENLAB_BENCH_BODIES "/body-" + size + ".json");
}

[[noreturn]] void stop(const QByteArray &why)
{
    std::fprintf(stderr, "tokenlab_bench: %s\n", why.constData());
    std::exit(1);
}

jose::Signer signerFor(const char *algorithm, const char *kid)
{
    const auto keys = jose::parseKeySet(contentOf(TOKENLAB_BENCH_KEYS), jose::SetSource::LocalFile);
    if (!keys)
        stop(keys.error().text);
    const jose::Key *key = keys->find(kid);
    if (!key)
        stop(QByteArray("no key ") + kid);
    auto signer = jose::Signer::create(*key, algorithm, {}, false);
    if (!signer)
        stop(jose::gatewayText(signer.error()));
    return std::move(signer).value();
}

struct Pipeline {
    gateway::ServiceConfig service;
    twin::SignerState signer;
    std::vector<twin::BackendReply> replies;

    Pipeline(const char *algorithm, const char *kid, const QByteArray &body)
    {
        const QByteArray text =
            QByteArray(R"({"version":3,"endpoints":[{"endpoint":"/token","method":"POST","backend":[{"host":["http://h"],)"
                       R"("url_pattern":"/t"}],"extra_config":{"auth/signer":{"alg":")") +
            algorithm + R"(","kid":")" + kid + R"(","keys_to_sign":["access_token","refresh_token"],"jwk_url":"https://h/k"}}}]})";
        auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
        if (!loaded)
            stop(loaded.error().text);
        service = std::move(loaded).value();
        signer.config = std::get<gateway::SignerConfig>(*service.endpoints.front().signer);
        signer.signer = signerFor(algorithm, kid);
        signer.enabled = true;
        http::Reply reply;
        reply.status = 200;
        reply.headers.append("Content-Type", "application/json");
        reply.body = body;
        twin::BackendReply exchange;
        exchange.reply = Result<http::Reply, http::TransportError>(std::move(reply));
        replies.push_back(std::move(exchange));
    }

    [[nodiscard]] twin::Outcome respond() const
    {
        twin::ClientRequest request;
        request.method = "POST";
        request.target = "/token";
        return twin::respond(service, service.endpoints.front(), signer, {}, request, {}, replies);
    }
};

void respond(benchmark::State &state, const char *algorithm, const char *kid, const std::string &size)
{
    const Pipeline pipeline(algorithm, kid, bodyOf(size));
    if (pipeline.respond().verdict != twin::Verdict::Signed)
        stop("the benchmark's response is not signed");
    for (auto _ : state)
        benchmark::DoNotOptimize(pipeline.respond());
    state.SetBytesProcessed(int64_t(state.iterations()) * (*pipeline.replies.front().reply)->body.size());
}

void parse(benchmark::State &state, const std::string &size)
{
    const QByteArray body = bodyOf(size);
    for (auto _ : state)
        benchmark::DoNotOptimize(json::parse(body, json::Policy::stream()));
    state.SetBytesProcessed(int64_t(state.iterations()) * body.size());
}

void write(benchmark::State &state, const std::string &size)
{
    const auto document = json::parse(bodyOf(size));
    if (!document)
        stop("a benchmark body is not JSON");
    qsizetype written = 0;
    for (auto _ : state) {
        QByteArray out = json::write(document->root());
        written += out.size();
        benchmark::DoNotOptimize(out);
    }
    state.SetBytesProcessed(written);
}

void sign(benchmark::State &state, const char *algorithm, const char *kid)
{
    const jose::Signer signer = signerFor(algorithm, kid);
    const auto document = json::parse(bodyOf("small"));
    const QByteArray payload = json::write(document->root().find("access_token"));
    for (auto _ : state)
        benchmark::DoNotOptimize(signer.sign(payload));
}

void registerAll()
{
    struct {
        const char *algorithm;
        const char *kid;
    } const algorithms[] = {{"HS256", "hs"}, {"RS256", "rs"}, {"ES256", "es"}, {"EdDSA", "ed"}};
    const char *const sizes[] = {"small", "10k", "1m", "10m"};
    for (const auto &[algorithm, kid] : algorithms) {
        for (const char *size : sizes)
            benchmark::RegisterBenchmark((std::string("respond/") + algorithm + '/' + size).c_str(),
                                         [=](benchmark::State &state) { respond(state, algorithm, kid, size); });
    }
    for (const char *size : sizes)
        benchmark::RegisterBenchmark((std::string("parse/") + size).c_str(), [=](benchmark::State &state) { parse(state, size); });
    for (const char *size : sizes)
        benchmark::RegisterBenchmark((std::string("write/") + size).c_str(), [=](benchmark::State &state) { write(state, size); });
    for (const auto &[algorithm, kid] : algorithms)
        benchmark::RegisterBenchmark((std::string("sign/") + algorithm).c_str(),
                                     [=](benchmark::State &state) { sign(state, algorithm, kid); });
}

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    registerAll();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
