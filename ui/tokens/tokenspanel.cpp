#include "ui/tokens/tokenspanel.h"

#include "core/gateway/blocks.h"
#include "core/gateway/edit.h"
#include "core/json/writer.h"
#include "core/text/exports.h"
#include "core/text/text.h"
#include "ui/tokens/signaturesection.h"
#include "ui/tokens/tokenmodel.h"
#include "ui/tokens/tokentext.h"
#include "ui/tokens/validatorsection.h"
#include "ui/tokens/verifykeysdialog.h"
#include "ui/widgets/basics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int maxTreeHeight = 460;

// Rows with room to read; a meaning that does not fit gives up its last parts (`in 59 minutes · 24 Nov …`) before it is cut.
class ClaimDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        return {size.width(), qMax(size.height(), QFontMetrics(uiFont()).height() + 6)};
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() != TokenModel::MeaningColumn || !option->widget)
            return;
        const int room = option->rect.width() - 2 * (option->widget->style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1);
        const QString separator = QStringLiteral(" · ");
        for (qsizetype at = option->text.lastIndexOf(separator); at > 0 && option->fontMetrics.horizontalAdvance(option->text) > room;
             at = option->text.lastIndexOf(separator))
            option->text.truncate(at);
    }
};

} // namespace

TokenCard::TokenCard(QWidget *parent)
    : QFrame(parent),
      m_fold(new QToolButton(this)),
      m_copy(new QToolButton(this)),
      m_state(new Pill(this)),
      m_right(new Pill(this)),
      m_verdict(new Pill(this)),
      m_signature(new SignatureSection(this)),
      m_validators(new ValidatorSection(this)),
      m_sentence(plainLabel({}, "muted", this)),
      m_text(new TokenText(this)),
      m_tree(new QTreeView(this)),
      m_model(new TokenModel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 7, 10, 8);
    column->setSpacing(7);
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    m_fold->setProperty("kind", QStringLiteral("fold"));
    m_fold->setObjectName(QStringLiteral("tokenFold"));
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    m_fold->setMinimumWidth(60);
    row->addWidget(m_fold);
    row->addStretch(1);
    row->addWidget(m_state);
    m_right->setObjectName(QStringLiteral("signaturePill"));
    m_right->hide();
    row->addWidget(m_right);
    m_verdict->setObjectName(QStringLiteral("verdictPill"));
    m_verdict->hide();
    row->addWidget(m_verdict);
    m_copy->setText(tr("Copy"));
    m_copy->setProperty("kind", QStringLiteral("menu"));
    m_copy->setObjectName(QStringLiteral("tokenCopy"));
    m_copy->setFocusPolicy(Qt::StrongFocus);
    m_copy->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_copy);
    const auto copy = [](const QByteArray &text) { QGuiApplication::clipboard()->setText(QString::fromUtf8(text)); };
    menu->addAction(tr("Token"), this, [this, copy] { copy(m_token); });
    menu->addAction(tr("Authorization header"), this, [this, copy] { copy("Authorization: Bearer " + m_token); });
    menu->addAction(tr("Claims as JSON"), this, [this, copy] { copy(m_decoded.payloadText); });
    menu->addAction(tr("Header as JSON"), this, [this, copy] { copy(m_decoded.headerText); });
    m_copy->setMenu(menu);
    row->addWidget(m_copy);
    column->addLayout(row);
    column->addWidget(m_sentence);
    column->addWidget(m_text);
    m_tree->setObjectName(QStringLiteral("tokenTree"));
    m_tree->setModel(m_model);
    m_tree->setIndentation(14);
    m_tree->setItemDelegate(new ClaimDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->setMinimumSectionSize(60);
    column->addWidget(m_tree);
    column->addWidget(m_signature);
    column->addWidget(m_validators);
    connect(m_signature, &SignatureSection::keysAsked, this, &TokenCard::keysAsked);
    connect(m_signature, &SignatureSection::clearAsked, this, &TokenCard::clearAsked);
    connect(m_validators, &ValidatorSection::addAsked, this, &TokenCard::validatorAsked);
    connect(m_validators, &ValidatorSection::placeAsked, this, &TokenCard::placeAsked);
    connect(m_tree, &QTreeView::expanded, this, [this] { fitTree(); });
    connect(m_tree, &QTreeView::collapsed, this, [this] { fitTree(); });
    connect(m_fold, &QToolButton::clicked, this, [this] {
        setFolded(!m_folded);
        emit foldedByUser(m_folded);
    });
    setObjectName(QStringLiteral("tokenCard"));
}

void TokenCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintCard(painter, rect());
}

void TokenCard::showField(const twin::FieldOutcome &field, const std::vector<QByteArray> &payloadNames, Instant now)
{
    m_name = field.name;
    m_token = field.token;
    m_hasToken = field.kind == twin::FieldOutcome::Signed;
    const QString shown = text::inert(field.name);
    m_shownName = shown;
    fitHead();
    setAccessibleName(tr("Token %1").arg(shown));
    m_copy->setAccessibleName(tr("Copy from %1").arg(shown));
    m_copy->setVisible(m_hasToken);
    m_tree->setAccessibleName(tr("Claims of %1").arg(shown));
    const QString sentence = text::sentence(field, payloadNames);
    switch (field.kind) {
    case twin::FieldOutcome::Signed:
        m_state->show(tr("signed"), Tone::Accent);
        break;
    case twin::FieldOutcome::Missing:
        m_state->show(tr("missing"), Tone::Bad);
        break;
    case twin::FieldOutcome::NotAnObject:
        m_state->show(tr("not an object"), Tone::Bad);
        break;
    case twin::FieldOutcome::AlreadySigned:
        m_state->show(tr("named twice"), Tone::Warning);
        break;
    }
    m_remarks.clear();
    if (!m_hasToken)
        m_remarks << sentence;
    setStyleProperty(m_sentence, "role", m_hasToken ? QStringLiteral("muted") : QStringLiteral("bad"));
    if (!m_hasToken || field.token.size() <= workedAtOnce) {
        m_decoding.drop();
        showDecoded(m_hasToken ? jose::decodeToken(field.token) : jose::DecodedToken(), now);
        return;
    }
    showDecoded({}, now);
    m_decoding.order([token = field.token] { return jose::decodeToken(token); },
                     [this, now](const jose::DecodedToken &decoded) { showDecoded(decoded, now); });
}

void TokenCard::showDecoded(const jose::DecodedToken &decoded, Instant now)
{
    m_decoded = decoded;
    QStringList remarks = m_remarks;
    for (const auto &note : m_decoded.notes)
        remarks << text::sentence(note);
    m_sentence->setText(remarks.join(QLatin1Char('\n')));
    m_text->setToken(m_token, m_decoded);
    m_model->setToken(m_decoded, now);
    for (int part = 0; part < m_model->rowCount(); ++part)
        m_tree->expand(m_model->index(part, 0));
    setFolded(m_folded);
    fitTree();
}

void TokenCard::setNow(Instant now)
{
    m_model->setNow(now);
}

void TokenCard::showVerdicts(const VerdictDesk &desk, Instant now, const QString &refused)
{
    const Verdicts *verdicts = m_hasToken ? desk.verdicts(m_token) : nullptr;
    if (m_hasToken)
        m_validators->show(verdicts, desk.validators(), desk.isLoading(), now, refused);
    const VerdictSummary summary = summaryOf(verdicts ? *verdicts : Verdicts());
    m_verdict->show(summary.text, summary.tone);
    fitHead();
}

void TokenCard::showSignature(const SignatureDesk &desk, Instant now)
{
    const SignatureState state = m_hasToken ? desk.state(m_token, now) : SignatureState();
    if (m_hasToken)
        m_signature->show(state, desk);
    const SignatureSummary summary = summaryOf(state);
    m_checked = summary.text;
    m_right->show(summary.text, summary.tone);
    m_right->setToolTip(QStringLiteral("<p>%1</p>").arg(state.words.toHtmlEscaped())); // the sign alone is short
    m_right->setAccessibleName(state.words);
    fitHead();
}

bool TokenCard::showsSignature() const
{
    return m_hasToken && !m_folded;
}

QWidget *TokenCard::signature() const
{
    return m_signature;
}

void TokenCard::setFolded(bool folded)
{
    m_folded = folded;
    const bool open = m_hasToken && !folded;
    m_text->setVisible(open);
    m_tree->setVisible(open);
    m_signature->setVisible(open);
    m_validators->setVisible(open);
    m_sentence->setVisible(!m_sentence->text().isEmpty() && (open || !m_hasToken));
    m_fold->setEnabled(m_hasToken);
    m_fold->setIcon(m_hasToken ? icon(folded ? QStringLiteral("chevron-right") : QStringLiteral("chevron-down"), tokens().muted) : QIcon());
    m_fold->setAccessibleName(folded ? tr("Unfold %1").arg(text::inert(m_name)) : tr("Fold %1").arg(text::inert(m_name)));
}

// What was checked gives up its word, then the name its middle: a card is never wider than its column.
void TokenCard::fitHead()
{
    constexpr int leastName = 60, aroundName = 28, spacing = 6;
    const int wanted = qMin(m_fold->fontMetrics().horizontalAdvance(m_shownName), 260);
    const auto room = [this] {
        int taken = layout()->contentsMargins().left() + layout()->contentsMargins().right() + aroundName;
        for (const QWidget *other : std::initializer_list<QWidget *>{m_state, m_right, m_verdict, m_copy})
            taken += other->isHidden() ? 0 : other->sizeHint().width() + spacing;
        return width() - taken;
    };
    m_right->show(m_checked, m_right->tone());
    if (!m_checked.isEmpty() && room() < wanted)
        m_right->show(m_checked.left(1), m_right->tone());
    const QString fitting = m_fold->fontMetrics().elidedText(m_shownName, Qt::ElideMiddle, qBound(leastName, room(), 260));
    if (fitting != m_fold->text())
        m_fold->setText(fitting);
    m_fold->setToolTip(fitting == m_shownName ? QString() : QStringLiteral("<p>%1</p>").arg(m_shownName.toHtmlEscaped()));
}

void TokenCard::fitTree()
{
    int rows = 0;
    for (QModelIndex index = m_model->index(0, 0); index.isValid() && rows < maxTreeHeight; index = m_tree->indexBelow(index))
        ++rows;
    const int rowHeight = qMax(16, m_tree->sizeHintForRow(0));
    const int wanted = m_tree->header()->sizeHint().height() + rows * rowHeight + 4;
    m_tree->setVerticalScrollBarPolicy(wanted > maxTreeHeight ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    m_tree->setFixedHeight(qMin(wanted, maxTreeHeight));
}

void TokenCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    fitHead();
    const int room = m_tree->width();
    m_tree->header()->resizeSection(TokenModel::ClaimColumn, qBound(84, room * 18 / 100, 140));
    m_tree->header()->resizeSection(TokenModel::ValueColumn, qBound(120, room * 37 / 100, 320));
}

TokensPanel::TokensPanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_desk(new VerdictDesk(session, this)),
      m_signatures(new SignatureDesk(session, m_desk, this)),
      m_header(new CardHeader(tr("Tokens"), nullptr, true)),
      m_summary(new QLabel),
      m_empty(plainLabel({}, "muted")),
      m_outdated(plainLabel(tr("From before the file's text broke."), "muted")),
      m_holder(new QWidget),
      m_column(new QVBoxLayout(m_holder))
{
    setObjectName(QStringLiteral("tokenCards"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *scroll = new QScrollArea;
    m_scroll = scroll;
    scroll->setObjectName(QStringLiteral("tokenScroll"));
    scroll->setAccessibleName(tr("Tokens"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_holder->setProperty("surface", QStringLiteral("clear"));
    scroll->setWidget(m_holder);
    m_outdated->setObjectName(QStringLiteral("tokensOutdated"));
    m_outdated->setContentsMargins(13, 0, 13, 4);
    outer->addWidget(m_outdated);
    outer->addWidget(scroll, 1);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    m_empty->setContentsMargins(13, 6, 13, 6);
    m_column->addWidget(m_empty);
    m_column->addStretch(1);
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setObjectName(QStringLiteral("tokenSummary"));
    m_header->addBeside(m_summary);
    connect(m_desk, &VerdictDesk::changed, this, &TokensPanel::showVerdicts);
    connect(m_session, &LabSession::configChanged, this, &TokensPanel::showVerdicts);
    connect(m_signatures, &SignatureDesk::changed, this, &TokensPanel::showSignatures);
    showState();
}

void TokensPanel::showState()
{
    const twin::Outcome *outcome = m_session->outcome();
    std::vector<twin::FieldOutcome> fields = outcome ? outcome->fields : std::vector<twin::FieldOutcome>();
    const std::vector<QByteArray> names =
        std::any_of(fields.begin(), fields.end(), [](const twin::FieldOutcome &field) { return field.kind != twin::FieldOutcome::Signed; })
            ? gateway::edit::memberNames(outcome->payloadText)
            : std::vector<QByteArray>(); // only a sentence about what is not signed needs them
    // Cards are reused, so that typing in the payload does not rebuild the panel.
    while (m_cards.size() > fields.size()) {
        m_cards.back()->hide();
        m_cards.back()->deleteLater();
        m_cards.pop_back();
    }
    int signedFields = 0;
    // What is not signed first: it must not hide below the fold of a low window.
    std::stable_partition(fields.begin(), fields.end(),
                          [](const twin::FieldOutcome &field) { return field.kind != twin::FieldOutcome::Signed; });
    const auto open = std::find_if(fields.begin(), fields.end(),
                                   [](const twin::FieldOutcome &field) { return field.kind == twin::FieldOutcome::Signed; }) -
                      fields.begin();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i == m_cards.size()) {
            auto *card = new TokenCard(m_holder);
            m_column->insertWidget(int(i), card);
            connect(card, &TokenCard::foldedByUser, this, [this, card](bool folded) { m_folds[card->name()] = folded; });
            connect(card, &TokenCard::validatorAsked, this, &TokensPanel::addValidator);
            connect(card, &TokenCard::placeAsked, this, &TokensPanel::placeAsked);
            connect(card, &TokenCard::keysAsked, this, &TokensPanel::chooseKeys);
            connect(card, &TokenCard::clearAsked, m_signatures, &SignatureDesk::clear);
            m_cards.push_back(card);
        }
        signedFields += fields[i].kind == twin::FieldOutcome::Signed;
        m_cards[i]->showField(fields[i], names, m_session->now());
        const auto kept = m_folds.find(fields[i].name);
        m_cards[i]->setFolded(kept != m_folds.end() ? kept->second : std::ptrdiff_t(i) > open);
        m_cards[i]->show();
    }
    std::vector<QByteArray> tokens;
    for (const twin::FieldOutcome &field : fields) {
        if (field.kind == twin::FieldOutcome::Signed)
            tokens.push_back(field.token);
    }
    m_desk->setTokens(tokens);
    m_signatures->setTokens(tokens);
    showVerdicts();
    showSignatures();
    m_summary->setText(fields.empty() ? QString() : tr("%1 of %2 signed").arg(signedFields).arg(fields.size()));
    m_empty->setVisible(fields.empty());
    m_empty->setText(!outcome || std::holds_alternative<Running>(m_session->state())
                         ? (m_session->endpoint() && !m_session->endpoint()->signer
                                ? tr("This endpoint has no signer: its answers carry no tokens of the gateway's.")
                                : tr("A card for each name of keys_to_sign appears here."))
                     : !outcome->signs ? tr("This endpoint has no signer: its answers carry no tokens of the gateway's.")
                                       : tr("Nothing was signed: no name of keys_to_sign was reached."));
    showOutdated();
}

void TokensPanel::showOutdated()
{
    m_outdated->setVisible(m_session->configError() && !m_cards.empty());
}

void TokensPanel::showVerdicts()
{
    QString refused;
    // What a new validator would have to match is the signer of the tokens on show.
    if (m_desk->validators() == 0 && !m_cards.empty() && m_session->isEditable() && m_session->endpoint()) {
        const auto block = gateway::blocks::protectedEndpoint(*m_session->service(), *m_session->endpoint());
        if (!block)
            refused = text::sentence(block.error());
    }
    for (TokenCard *card : m_cards)
        card->showVerdicts(*m_desk, m_session->now(), refused);
}

void TokensPanel::showSignatures()
{
    for (TokenCard *card : m_cards)
        card->showSignature(*m_signatures, m_session->now());
}

void TokensPanel::chooseKeys()
{
    auto *dialog = new VerifyKeysDialog(m_session, m_desk->knownSets(), m_signatures->chosen(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &VerifyKeysDialog::chosen, this, [this](const ChosenKeys &keys) {
        m_signatures->choose(keys);
        // In a low window the answer may stand below the card's visible part.
        const auto open = std::find_if(m_cards.begin(), m_cards.end(), [](const TokenCard *card) { return card->showsSignature(); });
        if (open != m_cards.end())
            QTimer::singleShot(0, *open, [scroll = m_scroll, card = *open] { scroll->ensureWidgetVisible(card->signature(), 0, 12); });
    });
    dialog->open();
}

void TokensPanel::addValidator()
{
    if (!m_session->isEditable() || !m_session->endpoint())
        return;
    gateway::blocks::Wishes wishes;
    json::Document payload;
    if (const twin::Outcome *outcome = m_session->outcome()) {
        if (auto parsed = json::parse(outcome->payloadText)) {
            payload = std::move(parsed).value();
            wishes.payload = payload.root();
        }
    }
    const auto block = gateway::blocks::protectedEndpoint(*m_session->service(), *m_session->endpoint(), wishes);
    if (block)
        m_session->edit(gateway::blocks::addEndpoints(*m_session->tree(), {block.value()}), tr("Add an endpoint with a validator"));
}

void TokensPanel::tick()
{
    for (TokenCard *card : m_cards)
        card->setNow(m_session->now());
    m_signatures->judgeAgain();
    showSignatures();
    m_desk->judgeAgain();
}

} // namespace tokenlab::ui
