#include "ui/export/exportdialog.h"

#include "core/json/parse.h"
#include "core/lab/deployment.h"
#include "core/text/exports.h"
#include "core/text/text.h"
#include "ui/export/writebackdialog.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/clearingclipboard.h"
#include "ui/widgets/jsoneditor.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QToolButton>

namespace tokenlab::ui {

namespace {

using gateway::ExportKind;
constexpr qsizetype madeAtOnce = 512 * 1024;

std::pair<Shape, Tone> lookOf(gateway::LocalState state)
{
    switch (state) {
    case gateway::LocalState::Present:
        return {Shape::Check, Tone::Good};
    case gateway::LocalState::Missing:
    case gateway::LocalState::Unreadable:
        return {Shape::Cross, Tone::Bad};
    case gateway::LocalState::Open:
        return {Shape::Triangle, Tone::Warning};
    case gateway::LocalState::Unknown:
        break;
    }
    return {Shape::Ring, Tone::Neutral};
}

QWidget *field(const QString &title, QWidget *widget)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    auto *label = new QLabel(title, box);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", QStringLiteral("muted"));
    label->setBuddy(widget);
    column->addWidget(label);
    column->addWidget(widget);
    return box;
}

} // namespace

ExportDialog::ExportDialog(LabSession *session, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_kind(new QComboBox),
      m_endpoint(new QComboBox),
      m_placeholders(new QCheckBox(tr("&Variables for hosts, key places and secrets"))),
      m_relative(new QCheckBox(tr("&Paths relative to this folder"))),
      m_folder(new QLineEdit),
      m_publicSet(new QLineEdit),
      m_preview(new JsonEditor(tr("What is exported"), QStringLiteral("exportPreview"), JsonEditor::Undo::Own)),
      m_list(new QListWidget),
      m_listTitle(plainLabel(tr("What must be there where the gateway runs"), "title")),
      m_notice(plainLabel({}, "muted")),
      m_error(plainLabel({}, "bad")),
      m_refusal(plainLabel({}, "warning")),
      m_snippet(flatButton(tr("Take the snippet"), tr("Export the endpoint as a snippet for the template"), QStringLiteral("takeSnippet"))),
      m_refusalRow(new QWidget),
      m_copy(new QPushButton(tr("&Copy"))),
      m_save(new QPushButton(tr("&Save as…"))),
      m_writeBack(new QPushButton(tr("&Write back…"))),
      m_service(session->service())
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    resize(1080, 660);
    m_kind->setObjectName(QStringLiteral("exportKind"));
    m_kind->setAccessibleName(tr("What is exported"));
    m_kind->addItem(tr("Gateway file"), int(ExportKind::Gateway));
    m_kind->addItem(tr("Endpoint"), int(ExportKind::Endpoint));
    m_kind->addItem(tr("Signer"), int(ExportKind::Signer));
    m_kind->addItem(tr("Validator that goes with it"), int(ExportKind::Validator));
    m_endpoint->setObjectName(QStringLiteral("exportEndpoint"));
    m_endpoint->setAccessibleName(tr("Endpoint that is exported"));
    m_endpoint->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    if (m_service) {
        for (const gateway::EndpointConfig &endpoint : m_service->endpoints)
            m_endpoint->addItem(text::inert(endpoint.method + ' ' + endpoint.path));
        m_endpoint->setCurrentIndex(int(session->endpointIndex()));
    }
    m_placeholders->setObjectName(QStringLiteral("exportPlaceholders"));
    m_placeholders->setToolTip(tr("They become {{ env \"NAME\" }}, which the gateway fills in with FC_ENABLE=1"));
    m_relative->setObjectName(QStringLiteral("exportRelative"));
    m_folder->setObjectName(QStringLiteral("exportFolder"));
    m_folder->setAccessibleName(tr("Folder that the gateway runs in"));
    m_folder->setFont(monoFont());
    const QString near = session->isRendered() ? session->templatePath() : session->path();
    m_folder->setText(QDir::cleanPath(near.isEmpty() ? QDir::currentPath() : QFileInfo(near).absolutePath()));
    m_publicSet->setObjectName(QStringLiteral("exportPublicSet"));
    m_publicSet->setAccessibleName(tr("Where the public key set will be: URL or path"));
    m_publicSet->setPlaceholderText(tr("URL or path; empty: beside the private one"));
    m_publicSet->setFont(monoFont());
    if (session->outcome() && !session->outcome()->payloadText.isEmpty()) {
        if (auto payload = json::parse(session->outcome()->payloadText))
            m_payload = std::move(payload).value();
    }

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(14);
    auto *left = new QVBoxLayout;
    left->setSpacing(9);
    left->addWidget(field(tr("Kind"), m_kind));
    m_endpointRow = field(tr("Of the endpoint"), m_endpoint);
    left->addWidget(m_endpointRow);
    m_publicRow = field(tr("Public key set of the validator"), m_publicSet);
    left->addWidget(m_publicRow);
    left->addWidget(m_placeholders);
    left->addWidget(m_relative);
    left->addWidget(m_folder);
    left->addSpacing(6);
    left->addWidget(m_listTitle);
    m_list->setObjectName(QStringLiteral("exportChecklist"));
    m_list->setAccessibleName(m_listTitle->text());
    m_list->setWordWrap(true);
    m_list->setSpacing(2);
    m_list->setIconSize(QSize(12, 12));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    left->addWidget(m_list, 1);
    auto *leftBox = new QWidget;
    leftBox->setLayout(left);
    left->setContentsMargins(0, 0, 0, 0);
    leftBox->setFixedWidth(370);
    middle->addWidget(leftBox);
    auto *card = new Card;
    m_preview->setReadOnly(true);
    m_preview->setLineNumbers(true);
    card->column()->setContentsMargins(2, 6, 2, 6);
    card->column()->addWidget(m_preview);
    middle->addWidget(card, 1);
    column->addLayout(middle, 1);

    m_notice->setObjectName(QStringLiteral("exportNotice"));
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_notice);
    m_error->setObjectName(QStringLiteral("exportError"));
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_error);
    auto *refusal = new QHBoxLayout(m_refusalRow);
    refusal->setContentsMargins(0, 0, 0, 0);
    m_refusal->setObjectName(QStringLiteral("exportRefusal"));
    refusal->addWidget(m_refusal, 1);
    m_snippet->setProperty("kind", QStringLiteral("link"));
    refusal->addWidget(m_snippet);
    column->addWidget(m_refusalRow);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    m_writeBack->setObjectName(QStringLiteral("exportWriteBack"));
    m_copy->setObjectName(QStringLiteral("exportCopy"));
    m_save->setObjectName(QStringLiteral("exportSave"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("exportClose"));
    buttons->addWidget(m_writeBack);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_save);
    column->addLayout(buttons);

    connect(m_kind, &QComboBox::currentIndexChanged, this, &ExportDialog::makeAgain);
    connect(m_endpoint, &QComboBox::currentIndexChanged, this, &ExportDialog::makeAgain);
    connect(m_placeholders, &QCheckBox::toggled, this, &ExportDialog::makeAgain);
    connect(m_relative, &QCheckBox::toggled, this, &ExportDialog::makeAgain);
    connect(m_folder, &QLineEdit::textChanged, this, &ExportDialog::makeAgain);
    connect(m_publicSet, &QLineEdit::textChanged, this, &ExportDialog::makeAgain);
    connect(m_session, &LabSession::configChanged, this, &ExportDialog::makeAgain);
    connect(m_snippet, &QToolButton::clicked, this, [this] { setKind(ExportKind::Endpoint); });
    connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copy);
    connect(m_save, &QPushButton::clicked, this, &ExportDialog::saveAs);
    connect(m_writeBack, &QPushButton::clicked, this, &ExportDialog::writeBack);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    makeAgain();
    m_kind->setFocus();
}

ExportKind ExportDialog::kind() const
{
    return ExportKind(m_kind->currentData().toInt());
}

void ExportDialog::setKind(ExportKind kind)
{
    m_kind->setCurrentIndex(m_kind->findData(int(kind)));
}

QString ExportDialog::folder() const
{
    return QDir::cleanPath(QFileInfo(m_folder->text()).absoluteFilePath());
}

QByteArray ExportDialog::text() const
{
    return m_made && m_made->ok() ? m_made->value().text : QByteArray();
}

void ExportDialog::makeAgain()
{
    m_service = m_session->service();
    const bool gateway = kind() == ExportKind::Gateway;
    m_endpointRow->setVisible(!gateway);
    m_publicRow->setVisible(kind() == ExportKind::Validator);
    m_folder->setEnabled(m_relative->isChecked());
    m_wishes = {};
    m_wishes.kind = kind();
    m_wishes.endpoint = std::size_t(qMax(0, m_endpoint->currentIndex()));
    m_wishes.placeholders = m_placeholders->isChecked();
    if (m_relative->isChecked() && !m_folder->text().isEmpty())
        m_wishes.relativeTo = folder().toUtf8();
    const QByteArray set = m_publicSet->text().trimmed().toUtf8();
    (set.contains("://") ? m_wishes.validator.publicUrl : m_wishes.validator.publicPath) = set;
    m_wishes.validator.payload = m_payload.root();
    if (!m_service || !m_session->isIntact()) {
        m_making.drop();
        m_made.reset();
        show({});
        return;
    }
    const QByteArray bytes = m_session->document().bytes();
    if (bytes.size() <= madeAtOnce) {
        m_making.drop();
        show(std::make_shared<const Result<gateway::Exported, gateway::ExportError>>(gateway::exported(bytes, *m_service, m_wishes)));
        return;
    }
    // The payload is looked into by the thread: it keeps its own.
    auto payload = std::make_shared<const json::Document>(m_payload);
    gateway::ExportWishes wishes = m_wishes;
    wishes.validator.payload = payload->root();
    m_making.order(
        [bytes, service = m_service, wishes, payload]() -> Made {
            return std::make_shared<const Result<gateway::Exported, gateway::ExportError>>(gateway::exported(bytes, *service, wishes));
        },
        [this](const Made &made) { show(made); });
}

void ExportDialog::show(const Made &made)
{
    m_made = made;
    const bool good = made && made->ok();
    m_preview->setText(text());
    QString error, notice;
    if (!made)
        error = tr("The file cannot be read as it is now; mend it first.");
    else if (!made->ok())
        error = text::sentence(made->error(), m_session->displayName());
    if (good) {
        QStringList notices;
        const gateway::Exported &exported = made->value();
        const QString all[] = {
            text::placeholderNotice(exported), text::notice(exported.validator),
            exported.hasSecrets ? tr("secrets stand in it: saved for its owner alone, and off the clipboard after a minute") : QString()};
        for (const QString &one : all) {
            if (!one.isEmpty())
                notices << one.left(1).toUpper() + one.mid(1) + QLatin1Char('.');
        }
        notice = notices.join(QLatin1Char(' '));
    }
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    m_notice->setText(notice);
    m_notice->setVisible(!notice.isEmpty());
    const bool gateway = kind() == ExportKind::Gateway, rendered = m_session->isRendered();
    m_refusal->setText(tr("%1 is a template: what it was rendered to is not written over it. Put a snippet where it belongs, or save the "
                          "rendered file elsewhere.")
                           .arg(QFileInfo(m_session->templatePath()).fileName()));
    m_refusalRow->setVisible(rendered && gateway);
    m_copy->setEnabled(good);
    m_save->setEnabled(good);
    const bool back = good && gateway && !rendered && !m_session->path().isEmpty();
    m_writeBack->setEnabled(back);
    m_writeBack->setToolTip(rendered                      ? tr("A template is not overwritten by what it was rendered to")
                            : !gateway                    ? tr("Only the whole gateway file can be written back")
                            : m_session->path().isEmpty() ? tr("The document is in no file yet: save it as one")
                                                          : tr("To %1, after a look at the difference").arg(m_session->path()));
    showChecklist();
}

void ExportDialog::showChecklist()
{
    m_list->clear();
    const bool good = m_made && m_made->ok();
    m_listTitle->setVisible(good);
    m_list->setVisible(good);
    if (!good)
        return;
    const QString from = m_relative->isChecked() ? folder() : QDir::currentPath();
    for (const gateway::Requirement &requirement : gateway::requirements(*m_service, m_wishes, m_made->value())) {
        const gateway::LocalState here = lab::localState(requirement, from);
        const auto [shape, tone] = lookOf(here);
        const QString local = here == gateway::LocalState::Unknown ? tr("not checked from here") : text::sentence(here);
        auto *item = new QListWidgetItem(shapeIcon(shape, toneColor(tone)), tr("%1 — %2").arg(text::sentence(requirement), local));
        item->setData(Qt::AccessibleTextRole, item->text());
        item->setToolTip(QStringLiteral("<p>") + item->text().toHtmlEscaped() + QStringLiteral("</p>"));
        item->setData(Qt::UserRole, int(here));
        m_list->addItem(item);
    }
    if (m_list->count() == 0)
        m_list->addItem(tr("Nothing beyond the file itself."));
}

void ExportDialog::copy()
{
    // As the command `export` writes it.
    const QString copied = QString::fromUtf8(text());
    if (m_made->value().hasSecrets) {
        auto *clipboard = m_session->findChild<ClearingClipboard *>(); // outlives this dialog
        if (!clipboard)
            clipboard = new ClearingClipboard(QGuiApplication::clipboard(), ClearingClipboard::usualDelay, m_session);
        clipboard->copy(copied);
    } else {
        QGuiApplication::clipboard()->setText(copied);
    }
    emit said(tr("Copied to the clipboard"));
}

void ExportDialog::saveAs()
{
    auto *dialog = new QFileDialog(this, tr("Save what is exported"), folder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("exportSaveDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("JSON (*.json)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(kind() == ExportKind::Gateway ? QStringLiteral("krakend.json")
                                                     : QString::fromUtf8(gateway::name(kind())) + QStringLiteral(".json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (!m_made || !m_made->ok())
            return;
        if (m_session->isRendered() && QFileInfo(path).canonicalFilePath() == QFileInfo(m_session->templatePath()).canonicalFilePath()) {
            fail(tr("Not saved"), m_refusal->text());
            return;
        }
        const Access access = m_made->value().hasSecrets ? Access::OwnerOnly : Access::Ordinary;
        if (const auto written = writeFile(path, text(), access); !written)
            fail(tr("Not saved"), tr("%1 was left as it was: %2").arg(path, written.error().reason));
        else
            emit said(tr("Saved as %1").arg(path));
    });
    dialog->open();
}

void ExportDialog::writeBack()
{
    auto *dialog = new WriteBackDialog(m_session, text(), m_made->value().isTemplate, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &WriteBackDialog::written, this, [this](const QString &path) {
        emit said(tr("Written to %1").arg(path));
        emit written(path);
    });
    dialog->open();
}

void ExportDialog::fail(const QString &title, const QString &text)
{
    auto *box = new QMessageBox(QMessageBox::Warning, title, text, QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setObjectName(QStringLiteral("reportBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace tokenlab::ui
