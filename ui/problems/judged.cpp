#include "ui/problems/judged.h"

#include "core/lab/clienttls.h"
#include "core/lab/files.h"
#include "core/lab/servertls.h"
#include "core/lab/validatorkeys.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int rounds = 16; // of fixing what fixes uncover

// As far as local files tell; a download is not made here.
std::optional<twin::SignerState> signerFromFiles(const gateway::EndpointConfig &endpoint, const lab::Bindings &bindings)
{
    twin::Supplies supplies;
    for (;;) {
        twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (auto *state = std::get_if<twin::SignerState>(&step))
            return std::move(*state);
        const auto &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need))
            supplies.caFile = lab::readFile(ca->path, bindings);
        else if (const auto *keys = std::get_if<twin::NeedKeyFile>(&need))
            lab::supplyKeyFile(supplies, keys->path, bindings);
        else
            return std::nullopt;
    }
}

class Facts
{
public:
    Facts(const Question &question, const json::SyntaxTree &tree, const gateway::ServiceConfig &service)
        : m_question(question), m_tree(tree), m_service(service)
    {
    }

    std::vector<problems::EndpointFacts> gather(Judged *judged)
    {
        std::vector<problems::EndpointFacts> all;
        all.reserve(m_service.endpoints.size());
        for (const gateway::EndpointConfig &endpoint : m_service.endpoints)
            all.push_back(factsOf(endpoint, judged));
        return all;
    }

private:
    problems::EndpointFacts factsOf(const gateway::EndpointConfig &endpoint, Judged *judged)
    {
        problems::EndpointFacts facts;
        if (endpoint.signer) {
            // Many endpoints share one signer: it is built once.
            const QByteArray text = bytesAt(m_tree, endpoint.signerPointer);
            judged->signers.insert(text);
            const auto known = m_question.known.signers.find(text);
            if (known != m_question.known.signers.end()) {
                facts = known->second;
            } else {
                const auto [built, isNew] = m_signers.try_emplace(text);
                if (isNew)
                    built->second = signerFromFiles(endpoint, m_question.bindings);
                facts.signer = built->second;
                if (!facts.signer) {
                    ++judged->notLoaded;
                    judged->wanted.try_emplace(text, std::size_t(&endpoint - m_service.endpoints.data()));
                }
            }
        }
        const auto outcome = m_question.known.outcomes.find(keyOf(endpoint));
        facts.lastOutcome = outcome != m_question.known.outcomes.end() ? outcome->second.get() : nullptr;
        facts.validator.reset();
        if (endpoint.validator) {
            const QByteArray text = bytesAt(m_tree, endpoint.validatorPointer);
            const auto [built, isNew] = m_validators.try_emplace(text);
            if (isNew)
                built->second = lab::validatorAtStart(endpoint, m_question.bindings);
            facts.validator = built->second;
            facts.validator->route = endpoint.route;
        }
        if (const auto *signer = endpoint.signer ? std::get_if<gateway::SignerConfig>(&*endpoint.signer) : nullptr) {
            addFile(facts, signer->localCa);
            addFile(facts, signer->localPath);
        }
        if (const auto *validator = endpoint.validator ? std::get_if<gateway::ValidatorConfig>(&*endpoint.validator) : nullptr) {
            addFile(facts, validator->localCa);
            addFile(facts, validator->localPath);
        }
        return facts;
    }

    void addFile(problems::EndpointFacts &facts, const QByteArray &path)
    {
        if (path.isEmpty())
            return;
        auto found = m_files.find(path);
        if (found == m_files.end())
            found = m_files.emplace(path, lab::readFile(path, m_question.bindings)).first;
        facts.files.insert_or_assign(path, found->second);
    }

    const Question &m_question;
    const json::SyntaxTree &m_tree;
    const gateway::ServiceConfig &m_service;
    std::map<QByteArray, std::optional<twin::SignerState>> m_signers;
    std::map<QByteArray, twin::ValidatorState> m_validators;
    std::map<QByteArray, twin::FileSupply> m_files;
};

// Of the place itself, or of the nearest one around it that exists.
qsizetype offsetOf(const json::SyntaxTree &tree, QByteArray pointer)
{
    int node = tree.find(pointer);
    while (node < 0 && !pointer.isEmpty()) {
        pointer.truncate(std::max<qsizetype>(0, pointer.lastIndexOf('/')));
        node = tree.find(pointer);
    }
    if (node < 0)
        return 0;
    const json::SyntaxTree::Node &at = tree.node(node);
    return at.nameRange.length() > 0 ? at.nameRange.begin : at.range.begin;
}

void countLines(const json::SyntaxTree &tree, Judged &judged)
{
    // The problems are in the order of the document, but nothing here rests on it.
    std::vector<std::pair<qsizetype, std::size_t>> places;
    for (std::size_t i = 0; i < judged.list.size(); ++i)
        places.emplace_back(offsetOf(tree, judged.list[i].pointer), i);
    std::sort(places.begin(), places.end());
    qsizetype at = 0;
    int line = 1;
    for (const auto &[offset, index] : places) {
        line += int(std::count(judged.source.begin() + at, judged.source.begin() + offset, '\n'));
        at = offset;
        judged.lines[index] = line;
    }
}

} // namespace

QByteArray keyOf(const gateway::EndpointConfig &endpoint)
{
    return endpoint.method + ' ' + endpoint.path;
}

QByteArray bytesAt(const json::SyntaxTree &tree, const QByteArray &pointer)
{
    const int node = pointer.isEmpty() ? -1 : tree.find(pointer);
    if (node < 0)
        return {};
    const json::Range range = tree.node(node).range;
    return tree.source().mid(range.begin, range.length());
}

const problems::Fix *safeFix(const problems::Problem &problem)
{
    const auto found =
        std::find_if(problem.fixes.begin(), problem.fixes.end(), [](const problems::Fix &fix) { return fix.safe && !fix.edit.empty(); });
    return found != problem.fixes.end() ? &*found : nullptr;
}

Judged judge(const Question &question)
{
    Judged judged;
    judged.source = question.source;
    problems::Input input;
    input.source = question.source;
    input.fileName = question.fileName;
    input.now = question.now;
    std::optional<json::SyntaxTree> tree;
    if (auto parsed = json::SyntaxTree::parse(question.source)) {
        tree = std::move(parsed).value();
        input.document = &*tree;
    }
    auto loaded = gateway::load(question.source, question.fileName);
    if (loaded)
        judged.service = std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value());
    else
        input.configError = loaded.error();
    input.service = judged.service;
    if (judged.service && tree) {
        input.endpoints = Facts(question, *tree, *judged.service).gather(&judged);
        input.listenError = lab::serverTlsError(*judged.service, question.bindings);
        if (judged.service->clientTls.configured)
            input.clientTlsNotes = lab::backendTls(judged.service->clientTls, question.bindings).notes;
    }
    judged.list = problems::check(input);
    judged.lines.assign(judged.list.size(), 0);
    if (tree)
        countLines(*tree, judged);
    judged.endpoints.resize(judged.service ? judged.service->endpoints.size() : 0);
    for (const problems::Problem &problem : judged.list) {
        const auto severity = std::size_t(problem.severity);
        ++judged.counts[severity];
        if (problem.endpoint < judged.endpoints.size())
            ++judged.endpoints[problem.endpoint][severity];
        judged.safe += safeFix(problem) != nullptr;
    }
    return judged;
}

gateway::edit::Edit fixSafely(const Question &question)
{
    Question now = question;
    for (int round = 0; round < rounds; ++round) {
        const Judged judged = judge(now);
        std::vector<const gateway::edit::Edit *> wanted;
        for (const problems::Problem &problem : judged.list) {
            if (const problems::Fix *fix = safeFix(problem))
                wanted.push_back(&fix->edit);
        }
        std::sort(wanted.begin(), wanted.end(),
                  [](const auto *a, const auto *b) { return a->front().range.begin < b->front().range.begin; });
        // Those that stand apart together; the others in the next round, over what has become of the text.
        gateway::edit::Edit together;
        for (const gateway::edit::Edit *edit : wanted) {
            if (together.empty() || edit->front().range.begin > together.back().range.end)
                together.insert(together.end(), edit->begin(), edit->end());
        }
        if (together.empty())
            break;
        const QByteArray text = gateway::edit::apply(now.source, together);
        if (text == now.source || !json::SyntaxTree::parse(text))
            break;
        now.source = text;
    }
    if (now.source == question.source)
        return {};
    return {{{0, question.source.size()}, now.source}};
}

} // namespace tokenlab::ui
