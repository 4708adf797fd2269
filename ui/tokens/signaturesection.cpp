#include "ui/tokens/signaturesection.h"

#include "ui/widgets/basics.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {

std::pair<Shape, Tone> lookOf(SignatureState::Kind kind)
{
    switch (kind) {
    case SignatureState::Right:
        return {Shape::Check, Tone::Good};
    case SignatureState::Wrong:
        return {Shape::Cross, Tone::Bad};
    case SignatureState::NoKeys:
        return {Shape::Triangle, Tone::Warning};
    case SignatureState::Unchecked:
    case SignatureState::Checking:
        break;
    }
    return {Shape::Ring, Tone::Neutral};
}

QString keysOf(const SignatureDesk &desk)
{
    const int count = desk.keyCount();
    if (count < 0)
        return {};
    return count == 1 ? SignatureSection::tr("1 key") : SignatureSection::tr("%1 keys").arg(count);
}

} // namespace

SignatureSummary summaryOf(const SignatureState &state)
{
    if (state.kind == SignatureState::Right)
        return {SignatureSection::tr("✓ key"), Tone::Good};
    if (state.kind == SignatureState::Wrong)
        return {SignatureSection::tr("✗ key"), Tone::Bad};
    return {{}, Tone::Neutral};
}

SignatureSection::SignatureSection(QWidget *parent)
    : QWidget(parent),
      m_note(plainLabel({}, "muted", this)),
      m_mark(new QLabel(this)),
      m_words(plainLabel({}, nullptr, this)),
      m_remarks(plainLabel({}, "muted", this)),
      m_source(plainLabel({}, "muted", this)),
      m_line(new QWidget(this)),
      m_choose(flatButton({}, {}, QStringLiteral("signatureChoose"), this)),
      m_clear(flatButton(tr("Clear"), tr("Check with no key any more"), QStringLiteral("signatureClear"), this))
{
    setObjectName(QStringLiteral("signatureSection"));
    setAccessibleName(tr("Signature"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *title = plainLabel(tr("Signature"), "title", this);
    title->setWordWrap(false);
    head->addWidget(title);
    m_note->setObjectName(QStringLiteral("signatureNote"));
    head->addWidget(m_note, 1);
    for (QToolButton *button : {m_choose, m_clear}) {
        button->setProperty("kind", QStringLiteral("link"));
        head->addWidget(button);
    }
    column->addLayout(head);
    auto *cells = new QHBoxLayout(m_line);
    cells->setContentsMargins(3, 2, 0, 2);
    cells->setSpacing(7);
    m_mark->setObjectName(QStringLiteral("signatureMark"));
    cells->addWidget(m_mark, 0, Qt::AlignTop);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(3);
    for (const auto &[label, name] :
         {std::pair(m_words, "signatureWords"), std::pair(m_remarks, "signatureRemarks"), std::pair(m_source, "signatureSource")}) {
        label->setObjectName(QString::fromLatin1(name));
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        texts->addWidget(label);
    }
    cells->addLayout(texts, 1);
    column->addWidget(m_line);
    connect(m_choose, &QToolButton::clicked, this, &SignatureSection::keysAsked);
    connect(m_clear, &QToolButton::clicked, this, &SignatureSection::clearAsked);
}

void SignatureSection::show(const SignatureState &state, const SignatureDesk &desk)
{
    const bool chosen = desk.chosen().has_value();
    m_note->setText(chosen ? QString() : tr("not checked"));
    m_choose->setText(chosen ? tr("Change…") : tr("Check with a key…"));
    m_choose->setAccessibleName(chosen ? tr("Check the signatures with another key")
                                       : tr("Check the signatures with a key from elsewhere"));
    m_clear->setVisible(chosen);
    m_line->setVisible(chosen);
    if (!chosen)
        return;
    const auto [shape, tone] = lookOf(state.kind);
    m_mark->setPixmap(shapeIcon(shape, toneColor(tone)).pixmap(13, 13));
    const QString words = state.words;
    m_words->setText(words);
    m_words->setAccessibleName(state.kind == SignatureState::Wrong ? tr("Refused: %1").arg(words) : words);
    setStyleProperty(m_words, "role", state.kind == SignatureState::Wrong ? QStringLiteral("bad") : QStringLiteral("plain"));
    m_remarks->setText(state.remarks.join(QLatin1Char('\n')));
    m_remarks->setVisible(!state.remarks.isEmpty());
    const QString count = keysOf(desk);
    QString name = desk.chosen()->name;
    const VerifySource::Kind kind = desk.chosen()->source.kind;
    if (kind == VerifySource::Pasted || kind == VerifySource::Validator) // words, which a sentence may begin with elsewhere
        name = name.left(1).toLower() + name.mid(1);
    m_source->setText(count.isEmpty() ? tr("Checked with %1.").arg(name) : tr("Checked with %1 (%2).").arg(name, count));
}

} // namespace tokenlab::ui
