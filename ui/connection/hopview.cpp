#include "ui/connection/hopview.h"

#include "core/text/advice.h"
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/shapemark.h"
#include "ui/widgets/wraplabel.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

using text::ConnectionRemedy;
using text::ConnectionStep;

constexpr std::size_t keysShown = 20;

std::pair<Shape, Tone> lookOf(ConnectionStep::State state)
{
    switch (state) {
    case ConnectionStep::Done:
        return {Shape::Check, Tone::Good};
    case ConnectionStep::Failed:
        return {Shape::Cross, Tone::Bad};
    case ConnectionStep::Attention:
        return {Shape::Triangle, Tone::Warning};
    case ConnectionStep::NotReached:
        break;
    }
    return {Shape::Ring, Tone::Neutral};
}

QString stateWord(ConnectionStep::State state)
{
    switch (state) {
    case ConnectionStep::Done:
        return HopView::tr("in order");
    case ConnectionStep::Failed:
        return HopView::tr("failed");
    case ConnectionStep::Attention:
        return HopView::tr("attention");
    case ConnectionStep::NotReached:
        break;
    }
    return HopView::tr("not reached");
}

QString duration(double ms)
{
    if (ms < 0)
        return {};
    return ms < 1000 ? HopView::tr("%1 ms").arg(ms, 0, 'f', ms < 10 ? 1 : 0) : HopView::tr("%1 s").arg(ms / 1000, 0, 'f', 1);
}

struct Verdict {
    ConnectionStep::State state;
    QString text;
};

// What happened, without the gateway's words, which follow; and what to do, unless the steps tell it below.
QString sentenceOf(const Seen &seen)
{
    const twin::StartError &error = *seen.startError;
    if (error.hangs || error.unknown || error.crash)
        return text::sentence(error);
    text::Advice advice = text::signerAdvice(error.text);
    if (advice.brief == text::oneLine(error.text))
        return advice.remedy; // nothing more is known than the words
    advice.meaning = advice.brief;
    if (seen.error)
        advice.remedy.clear();
    return text::join(advice);
}

bool isUnprotected(const Seen &seen)
{
    return std::any_of(seen.hops.begin(), seen.hops.end(),
                       [&](const net::SeenHop &hop) { return !hop.secure || (!seen.policy().verify && !hop.pinMet); });
}

Verdict verdictOf(const Seen &seen)
{
    using Kind = ConnectionChoice::Kind;
    const Kind kind = seen.request.choice.kind;
    if (seen.hangs)
        return {ConnectionStep::Failed, HopView::tr("The host takes the question and stays silent")};
    if (seen.error) {
        switch (kind) {
        case Kind::KeyHost:
            return {ConnectionStep::Failed, HopView::tr("The gateway gets no keys from this host")};
        case Kind::BackendHost:
            return {ConnectionStep::Failed, HopView::tr("The gateway does not reach this backend")};
        case Kind::AnyUrl:
            return {ConnectionStep::Failed, HopView::tr("The gateway would get no answer here")};
        }
    }
    if (seen.startError && seen.answer)
        return {ConnectionStep::Failed, seen.answer->ofSet          ? HopView::tr("The host answers, but not with a key set")
                                        : seen.answer->keys.empty() ? HopView::tr("The host answers, but with no keys")
                                                                    : HopView::tr("The keys come, but no signer is made of them")};
    const bool open = isUnprotected(seen);
    const auto state = open ? ConnectionStep::Attention : ConnectionStep::Done;
    switch (kind) {
    case Kind::KeyHost:
        return {state, open ? HopView::tr("The gateway gets its keys over a connection that is not protected")
                            : HopView::tr("The gateway gets its keys from a host that it trusts")};
    case Kind::BackendHost:
        return {state, open ? HopView::tr("The gateway reaches this backend over a connection that is not protected")
                            : HopView::tr("The gateway reaches this backend and trusts it")};
    case Kind::AnyUrl:
        break;
    }
    return {state, open ? HopView::tr("The gateway would get an answer over a connection that is not protected")
                        : HopView::tr("The gateway would get an answer from a host that it trusts")};
}

} // namespace

HopView::HopView(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    setProperty("surface", QStringLiteral("clear"));
    m_column->setContentsMargins(13, 10, 13, 12);
    m_column->addStretch(1);
    clear();
}

void HopView::clear()
{
    if (m_body) {
        // One of its buttons may be what asked for this.
        m_body->hide();
        m_body->setParent(nullptr);
        m_body->deleteLater();
    }
    m_body = new QWidget(this);
    m_rows = new QVBoxLayout(m_body);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(5);
    m_column->insertWidget(0, m_body);
}

void HopView::addTitle(const QString &text)
{
    m_rows->addSpacing(10);
    m_rows->addWidget(plainLabel(text, "title", m_body));
}

void HopView::addVerdict(const QString &title, int state)
{
    const auto [shape, tone] = lookOf(ConnectionStep::State(state));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new ShapeMark(shape, tone, m_body), 0, Qt::AlignTop);
    auto *words = new WrapLabel(title, "title", m_body);
    words->setObjectName(QStringLiteral("connectionVerdict"));
    words->setAccessibleName(title);
    row->addWidget(words, 1);
    m_rows->addLayout(row);
}

void HopView::addGatewayWords(const QString &words)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->setContentsMargins(22, 0, 0, 0);
    auto *text = new WrapLabel(words, nullptr, m_body);
    text->setFont(monoFont());
    text->setObjectName(QStringLiteral("connectionWords"));
    text->setAccessibleName(tr("The gateway's words: %1").arg(words));
    row->addWidget(text, 1);
    auto *copy = flatButton(tr("Copy"), tr("Copy the gateway's words"), QStringLiteral("copyWords"), m_body);
    connect(copy, &QToolButton::clicked, this, [words] { QGuiApplication::clipboard()->setText(words); });
    row->addWidget(copy, 0, Qt::AlignTop);
    m_rows->addLayout(row);
}

void HopView::addRemedies(const Seen &seen)
{
    bool any = false;
    for (std::size_t i = 0; i < seen.hops.size(); ++i) {
        for (const ConnectionRemedy &remedy :
             text::connectionRemedies(seen.hops[i], seen.policy(), seen.errorAt(i), seen.request.client())) {
            if (!std::exchange(any, true))
                addTitle(tr("What to change"));
            auto *row = new QHBoxLayout;
            row->setSpacing(8);
            auto *arrow = new QLabel(QStringLiteral("→"), m_body);
            arrow->setProperty("role", QStringLiteral("muted"));
            arrow->setFixedWidth(14);
            row->addWidget(arrow, 0, Qt::AlignTop);
            auto *words = new WrapLabel(remedy.text, nullptr, m_body);
            words->setObjectName(QStringLiteral("connectionRemedy"));
            row->addWidget(words, 1);
            m_rows->addLayout(row);
            if (remedy.action == ConnectionRemedy::Words || remedy.certificate < 0)
                continue;
            const bool trust = remedy.action == ConnectionRemedy::TrustCertificate;
            const net::SeenCertificate &one = seen.hops[i].certificates[std::size_t(remedy.certificate)];
            auto *button = new QPushButton(!trust                 ? tr("Use as pin")
                                           : one.info.isAuthority ? tr("Trust this CA…")
                                                                  : tr("Trust this certificate…"),
                                           m_body);
            button->setObjectName(trust ? QStringLiteral("remedyTrust") : QStringLiteral("remedyPin"));
            button->setProperty("edits", true);
            button->setAutoDefault(false);
            const int certificate = remedy.certificate;
            connect(button, &QPushButton::clicked, this, [this, trust, i, certificate] {
                if (trust)
                    Q_EMIT trustAsked(i, certificate);
                else
                    Q_EMIT pinAsked(i, certificate);
            });
            auto *indented = new QHBoxLayout;
            indented->setContentsMargins(22, 0, 0, 2);
            indented->addWidget(button);
            indented->addStretch(1);
            m_rows->addLayout(indented);
        }
    }
}

void HopView::addHop(const Seen &seen, std::size_t index)
{
    const net::SeenHop &hop = seen.hops[index];
    addTitle(seen.hops.size() > 1 ? tr("Hop %1 of %2").arg(index + 1).arg(seen.hops.size()) : tr("Steps"));
    auto *url = new WrapLabel(text::inert(hop.report.url), "muted", m_body);
    url->setFont(monoFont());
    url->setObjectName(QStringLiteral("hopUrl"));
    m_rows->addWidget(url);
    for (const ConnectionStep &step : text::connectionSteps(hop, seen.policy(), seen.errorAt(index))) {
        auto *line = new QWidget(m_body);
        line->setObjectName(QStringLiteral("connectionStep"));
        line->setProperty("state", stateWord(step.state));
        line->setAccessibleName(step.text.isEmpty() ? tr("%1: %2").arg(step.title, stateWord(step.state))
                                                    : tr("%1: %2, %3").arg(step.title, stateWord(step.state), step.text));
        line->setToolTip(stateWord(step.state));
        auto *cells = new QHBoxLayout(line);
        cells->setContentsMargins(0, 0, 0, 0);
        cells->setSpacing(8);
        const auto [shape, tone] = lookOf(step.state);
        cells->addWidget(new ShapeMark(shape, tone, line), 0, Qt::AlignTop);
        auto *title = plainLabel(step.title, step.state == ConnectionStep::NotReached ? "muted" : nullptr, line);
        title->setFixedWidth(106);
        cells->addWidget(title, 0, Qt::AlignTop);
        auto *text = new WrapLabel(step.state == ConnectionStep::NotReached && step.text.isEmpty() ? tr("not reached") : step.text,
                                   step.state == ConnectionStep::Failed       ? "bad"
                                   : step.state == ConnectionStep::Attention  ? "warning"
                                   : step.state == ConnectionStep::NotReached ? "muted"
                                                                              : nullptr,
                                   line);
        cells->addWidget(text, 1);
        auto *time = plainLabel(duration(step.ms), "muted", line);
        time->setWordWrap(false);
        time->setMinimumWidth(48);
        time->setAlignment(Qt::AlignRight | Qt::AlignTop);
        cells->addWidget(time, 0, Qt::AlignTop);
        m_rows->addWidget(line);
    }
}

void HopView::addLine(const QString &title, const QString &text, const char *name, bool mono)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *label = plainLabel(title, "muted", m_body);
    label->setFixedWidth(128);
    row->addWidget(label, 0, Qt::AlignTop);
    auto *value = new WrapLabel(text, nullptr, m_body);
    if (mono)
        value->setFont(monoFont());
    value->setObjectName(QString::fromLatin1(name));
    value->setAccessibleName(QStringLiteral("%1: %2").arg(title, text));
    row->addWidget(value, 1);
    m_rows->addLayout(row);
}

void HopView::addAnswer(const Seen &seen)
{
    const SeenAnswer &answer = *seen.answer;
    addTitle(tr("Answer"));
    addLine(tr("Status"), QString::number(answer.status), "answerStatus");
    addLine(tr("Content type"), answer.contentType.isEmpty() ? tr("none") : text::inert(answer.contentType), "answerType", true);
    addLine(tr("Size"), QLocale().formattedDataSize(answer.size), "answerSize");
    if (seen.request.choice.kind == ConnectionChoice::BackendHost)
        return;
    if (answer.refusal && answer.ofSet) {
        addLine(tr("Key set"),
                seen.request.choice.kind == ConnectionChoice::KeyHost ? tr("refused, as the words above say")
                                                                      : tr("the gateway would refuse it as one"),
                "answerSet");
        if (seen.request.choice.kind == ConnectionChoice::AnyUrl)
            addLine(tr("Its words"), text::oneLine(answer.refusal->text), "answerRefusal", true);
        return;
    }
    addLine(tr("Key set"), answer.keys.size() == 1 ? tr("1 key") : tr("%1 keys").arg(qulonglong(answer.keys.size())), "answerSet");
    for (std::size_t i = 0; i < std::min(answer.keys.size(), keysShown); ++i) {
        const keys::Row &key = answer.keys[i];
        QStringList facts{text::kindOfKey(key)};
        if (!key.alg.isEmpty())
            facts << text::inert(key.alg);
        if (key.isSecret || key.isPrivate)
            facts << tr("signs");
        if (seen.request.choice.kind == ConnectionChoice::KeyHost && key.kid == answer.kid)
            facts << tr("the signer's");
        addLine(QString(),
                QStringLiteral("%1 · %2").arg(key.kid.isEmpty() ? tr("no ID") : text::inert(key.kid), facts.join(QStringLiteral(" · "))),
                "answerKey");
    }
    if (answer.keys.size() > keysShown)
        addLine(QString(), tr("and %1 more").arg(qulonglong(answer.keys.size() - keysShown)), "answerKeysMore");
}

void HopView::show(const Seen &seen)
{
    clear();
    const Verdict verdict = verdictOf(seen);
    addVerdict(verdict.text, verdict.state);
    const QByteArray words = seen.startError ? seen.startError->text : seen.words;
    if (const QString sentence = seen.startError ? sentenceOf(seen) : QString(); !sentence.isEmpty()) {
        auto *told = new WrapLabel(sentence, nullptr, m_body);
        told->setObjectName(QStringLiteral("connectionSentence"));
        told->setContentsMargins(22, 0, 0, 0);
        m_rows->addWidget(told);
    }
    const bool silent = seen.hangs || (seen.startError && seen.startError->hangs); // then the gateway says nothing at all
    if (!words.isEmpty() && !silent)
        addGatewayWords(seen.startError ? QStringLiteral("Unable to create the signer: %1").arg(text::oneLine(words))
                                        : text::oneLine(words));
    addRemedies(seen);
    for (std::size_t i = 0; i < seen.hops.size(); ++i)
        addHop(seen, i);
    if (seen.answer)
        addAnswer(seen);
    if (!seen.request.bindings.empty() || !seen.request.caIsRead)
        addTitle(tr("Of this computer"));
    for (const lab::Binding &binding : seen.request.bindings)
        addLine(tr("Binding"), QStringLiteral("%1 → %2").arg(shownUrl(binding.from), shownUrl(binding.to)), "connectionBinding", true);
    if (!seen.request.caIsRead)
        addLine(tr("CA file"),
                tr("a file that is named holds no certificate in PEM form, or cannot be read: the gateway passes over it without a word"),
                "connectionCaNote");
    setEditable(m_whyNot);
    m_body->show();
}

void HopView::showWords(const QString &title, const QString &words, const QByteArray &gatewayWords, bool failed)
{
    clear();
    addVerdict(title, failed ? ConnectionStep::Failed : ConnectionStep::NotReached);
    if (!words.isEmpty()) {
        auto *told = new WrapLabel(words, failed ? nullptr : "muted", m_body);
        told->setObjectName(QStringLiteral("connectionSentence"));
        told->setContentsMargins(22, 0, 0, 0);
        m_rows->addWidget(told);
    }
    if (!gatewayWords.isEmpty())
        addGatewayWords(text::oneLine(gatewayWords));
    m_body->show();
}

QList<QWidget *> HopView::buttons() const
{
    QList<QWidget *> out;
    for (QAbstractButton *button : m_body->findChildren<QAbstractButton *>())
        out << button;
    return out;
}

void HopView::setEditable(const QString &whyNot)
{
    m_whyNot = whyNot;
    for (QPushButton *button : m_body->findChildren<QPushButton *>()) {
        if (!button->property("edits").toBool())
            continue;
        button->setEnabled(whyNot.isEmpty());
        button->setToolTip(whyNot);
    }
}

} // namespace tokenlab::ui
