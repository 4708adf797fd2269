#include "ui/keys/keysdialog.h"

#include "core/keys/maker.h"
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/keys/keydetails.h"
#include "ui/keys/keyimporter.h"
#include "ui/keys/keyquestions.h"
#include "ui/keys/keysmodel.h"
#include "ui/keys/newkeydialog.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/clearingclipboard.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/enterpress.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace tokenlab::ui {

KeysDialog::KeysDialog(LabSession *session, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_set(new KeySetStack(this)),
      m_model(new KeysModel(this)),
      m_importer(new KeyImporter(this)),
      m_table(new QTreeView(this)),
      m_details(new KeyDetails(this)),
      m_notice(new Banner(this)),
      m_pages(new QStackedWidget(this)),
      m_title(new ElidedLabel(this)),
      m_save(new QPushButton(tr("&Save"), this))
{
    setObjectName(QStringLiteral("keysDialog"));
    setModal(false);
    setAcceptDrops(true);
    setWindowFlag(Qt::WindowMaximizeButtonHint);
    resize(1180, 680);
    createActions();

    QVBoxLayout *column = dialogColumn(this);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(6);
    const auto button = [this](const char *name, const char *actionName) {
        auto *made = new QToolButton(this);
        made->setDefaultAction(m_actions[actionName]);
        made->setObjectName(QString::fromLatin1(name));
        made->setFocusPolicy(Qt::StrongFocus);
        return made;
    };
    auto *newKey = new QPushButton(tr("&New key…"), this);
    newKey->setObjectName(QStringLiteral("newKeyButton"));
    newKey->setAutoDefault(false);
    connect(newKey, &QPushButton::clicked, m_actions["newKey"], &QAction::trigger);
    bar->addWidget(newKey);
    for (const auto &[name, actionName] :
         {std::pair("openKeysButton", "open"), std::pair("addKeysButton", "add"), std::pair("pasteKeysButton", "paste"),
          std::pair("removeKeysButton", "remove"), std::pair("undoKeysButton", "undo"), std::pair("redoKeysButton", "redo")})
        bar->addWidget(button(name, actionName));
    bar->addStretch(1);
    auto *documentMenu = new QMenu(this);
    documentMenu->addAction(m_actions["takeDocument"]);
    documentMenu->addAction(m_actions["takePublic"]);
    documentMenu->addSeparator();
    documentMenu->addAction(m_actions["encrypt"]);
    bar->addWidget(menuButton(tr("Document"), "keysDocumentButton", documentMenu));
    auto *exportMenu = new QMenu(this);
    for (const char *name : {"exportPublic", "exportWellKnown", "exportPem"})
        exportMenu->addAction(m_actions[name]);
    exportMenu->addSeparator();
    exportMenu->addAction(m_actions["saveAs"]);
    exportMenu->addAction(m_actions["exportPrivatePem"]);
    bar->addWidget(menuButton(tr("Export"), "keysExportButton", exportMenu));
    m_save->setObjectName(QStringLiteral("saveKeysButton"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setAutoDefault(false);
    connect(m_save, &QPushButton::clicked, m_actions["save"], &QAction::trigger);
    bar->addWidget(m_save);
    column->addLayout(bar);
    m_notice->setObjectName(QStringLiteral("keysNotice"));
    column->addWidget(m_notice);

    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setObjectName(QStringLiteral("keysSplitter"));
    split->setHandleWidth(8);
    split->setChildrenCollapsible(false);
    auto *left = new Card(split);
    left->column()->setContentsMargins(8, 4, 8, 6);
    m_title->setObjectName(QStringLiteral("keysTitle"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_title->setContentsMargins(6, 6, 6, 4);
    left->column()->addWidget(m_title);
    left->column()->addWidget(m_pages, 1);

    m_table->setObjectName(QStringLiteral("keysTable"));
    m_table->setAccessibleName(tr("Keys of the set"));
    m_table->setModel(m_model);
    m_table->setRootIsDecorated(false);
    m_table->setIndentation(0);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setIconSize({13, 13});
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const char *name : {"copyPublic", "copyPrivate", "remove"})
        m_table->addAction(m_actions[name]);
    m_table->setStyleSheet(QStringLiteral("QTreeView::item { padding: 5px 4px; border: none; }"));
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(KeysModel::WarningColumn, QHeaderView::Stretch);
    header->setMinimumSectionSize(40);
    const int widths[] = {132, 46, 72, 76, 40, 58, 180, 104};
    for (int i = 0; i < KeysModel::ColumnCount; ++i)
        header->resizeSection(i, widths[i]);
    m_pages->addWidget(m_table);

    auto *empty = new QWidget(this);
    auto *emptyColumn = new QVBoxLayout(empty);
    emptyColumn->setSpacing(10);
    emptyColumn->addStretch(1);
    QLabel *words = plainLabel(tr("No keys yet"), "title", empty);
    words->setAlignment(Qt::AlignCenter);
    emptyColumn->addWidget(words);
    QLabel *how =
        plainLabel(tr("Drop or paste a key here: a JWK set, PEM, DER, PKCS#12, OpenSSH or a bare secret. Or make one."), "muted", empty);
    how->setAlignment(Qt::AlignCenter);
    how->setObjectName(QStringLiteral("keysEmpty"));
    emptyColumn->addWidget(how);
    auto *links = new QHBoxLayout;
    links->addStretch(1);
    for (const auto &[name, actionName] :
         {std::pair("emptyNewKey", "newKey"), std::pair("emptyOpen", "open"), std::pair("emptyTake", "takeDocument")}) {
        auto *link = new QToolButton(empty);
        link->setDefaultAction(m_actions[actionName]);
        link->setObjectName(QString::fromLatin1(name));
        link->setProperty("kind", QStringLiteral("link"));
        link->setFocusPolicy(Qt::StrongFocus);
        link->setVisible(m_actions[actionName]->isEnabled());
        connect(m_actions[actionName], &QAction::enabledChanged, link, &QWidget::setVisible); // what cannot be done is not offered
        links->addWidget(link);
    }
    links->addStretch(1);
    emptyColumn->addLayout(links);
    emptyColumn->addStretch(2);
    m_pages->addWidget(empty);

    auto *right = new Card(split);
    right->column()->addWidget(m_details);
    split->addWidget(left);
    split->addWidget(right);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({715, 445});
    column->addWidget(split, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeysDialog::showSelected);
    connect(m_set, &KeySetStack::changed, this, &KeysDialog::showChanged);
    connect(m_set, &KeySetStack::pathChanged, this, &KeysDialog::updateActions);
    connect(m_set->undoStack(), &QUndoStack::indexChanged, this, &KeysDialog::updateActions);
    connect(m_details, &KeyDetails::labelsEdited, this, &KeysDialog::relabel);
    connect(m_details, &KeyDetails::publicAsked, m_actions["copyPublic"], &QAction::trigger);
    connect(m_details, &KeyDetails::privateAsked, m_actions["copyPrivate"], &QAction::trigger);
    connect(m_importer, &KeyImporter::found, this, &KeysDialog::take);
    connect(m_importer, &KeyImporter::failed, this, [this](const QString &text) { say(text, true); });
    connect(m_importer, &KeyImporter::busyChanged, this, [this] {
        if (m_importer->isBusy())
            say(tr("Reading…"));
        else if (m_notice->text() == tr("Reading…"))
            m_notice->hide();
    });
    for (const auto changed : {&LabSession::signerChanged, &LabSession::configChanged, &LabSession::endpointChanged})
        connect(m_session, changed, this, &KeysDialog::updateActions);
    showChanged(-1);
    newKey->setFocus();
}

KeysDialog::~KeysDialog()
{
    // Children go after this object, an undo stack not without a word.
    m_set->disconnect(this);
    m_set->undoStack()->disconnect(this);
    m_table->selectionModel()->disconnect(this);
    m_importer->disconnect(this);
}

QAction *KeysDialog::action(const char *name, const QString &text, const QKeySequence &keys)
{
    auto *made = new QAction(text, this);
    made->setObjectName(QString::fromLatin1(name) + QStringLiteral("KeysAction"));
    QString plain = text;
    plain.remove(QLatin1Char('&'));
    if (!keys.isEmpty()) {
        made->setShortcut(keys);
        made->setShortcutContext(Qt::WindowShortcut);
        made->setToolTip(QStringLiteral("%1 (%2)").arg(plain, keys.toString(QKeySequence::NativeText)));
    }
    addAction(made);
    m_actions[name] = made;
    return made;
}

QToolButton *KeysDialog::menuButton(const QString &text, const char *name, QMenu *menu)
{
    QToolButton *button = flatButton(text, text, QString::fromLatin1(name), this);
    button->setProperty("kind", QStringLiteral("menu"));
    button->setPopupMode(QToolButton::InstantPopup);
    menu->setObjectName(QString::fromLatin1(name) + QStringLiteral("Menu"));
    button->setMenu(menu);
    return button;
}

void KeysDialog::createActions()
{
    connect(action("newKey", tr("New key…"), QKeySequence::New), &QAction::triggered, this, &KeysDialog::newKey);
    connect(action("open", tr("Open…"), QKeySequence::Open), &QAction::triggered, this, [this] {
        chooseFile(tr("Open a key set, or any file with keys"), "openKeysFile", false, {}, [this](const QString &path) { openFile(path); });
    });
    connect(action("add", tr("Import…")), &QAction::triggered, this,
            [this] { chooseFile(tr("Add the keys of a file"), "addKeysFile", false, {}, [this](const QString &path) { addFile(path); }); });
    m_actions["add"]->setToolTip(tr("Add the keys of a file to this set: PEM, DER, PKCS#12, OpenSSH, JWK, a bare secret"));
    connect(action("paste", tr("Paste")), &QAction::triggered, this, &KeysDialog::paste);
    m_actions["paste"]->setToolTip(
        tr("Add the keys on the clipboard (in the table: %1)").arg(QKeySequence(QKeySequence::Paste).toString(QKeySequence::NativeText)));
    m_actions["paste"]->setShortcut(QKeySequence::Paste);
    m_actions["paste"]->setShortcutContext(Qt::WindowShortcut); // fields take their own first
    connect(action("remove", tr("Remove")), &QAction::triggered, this, &KeysDialog::remove);
    m_actions["remove"]->setShortcut(QKeySequence::Delete);
    QAction *undo = m_set->undoStack()->createUndoAction(this, tr("Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = m_set->undoStack()->createRedoAction(this, tr("Redo"));
    redo->setShortcut(QKeySequence::Redo);
    for (const auto &[name, made] : {std::pair("undo", undo), std::pair("redo", redo)}) {
        made->setObjectName(QString::fromLatin1(name) + QStringLiteral("KeysAction"));
        addAction(made);
        m_actions[name] = made;
        // The button keeps its width; what would be undone is in the tool tip.
        made->setIconText(made == undo ? tr("Undo") : tr("Redo"));
    }
    connect(action("save", tr("Save"), QKeySequence::Save), &QAction::triggered, this, &KeysDialog::save);
    connect(action("saveAs", tr("Private set as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)), &QAction::triggered, this,
            &KeysDialog::saveAs);
    connect(action("exportPublic", tr("Public set…")), &QAction::triggered, this, [this] {
        chooseFile(tr("Save the public set"), "publicSetFile", true, QStringLiteral("jwks.json"),
                   [this](const QString &path) { exportPublic(path); });
    });
    connect(action("exportWellKnown", tr(".well-known/jwks.json in a folder…")), &QAction::triggered, this, [this] {
        chooseFile(tr("The folder that a web server serves"), "wellKnownFolder", true, QStringLiteral("/"),
                   [this](const QString &path) { exportWellKnown(path); });
    });
    connect(action("exportPem", tr("Public keys as PEM…")), &QAction::triggered, this, [this] {
        chooseFile(tr("Save the public keys as PEM"), "pemFile", true, QStringLiteral("public.pem"),
                   [this](const QString &path) { exportPem(path); });
    });
    connect(action("exportPrivatePem", tr("Private keys as PEM…")), &QAction::triggered, this, &KeysDialog::askPrivatePem);
    connect(action("takeDocument", tr("Take the document's key set")), &QAction::triggered, this, [this] { takeFromDocument(false); });
    connect(action("takePublic", tr("Take its public half")), &QAction::triggered, this, [this] { takeFromDocument(true); });
    connect(action("encrypt", tr("Encrypt for jwk_local_path…")), &QAction::triggered, this, &KeysDialog::encrypt);
    connect(action("copyPublic", tr("Copy the public JWK")), &QAction::triggered, this, [this] {
        const std::vector<int> rows = selectedRows();
        if (rows.size() != 1)
            return;
        if (const auto json = m_set->entries()[std::size_t(rows.front())].publicJson()) {
            QGuiApplication::clipboard()->setText(QString::fromUtf8(*json));
            say(tr("The public key is on the clipboard."));
        }
    });
    connect(action("copyPrivate", tr("Copy the private JWK…")), &QAction::triggered, this, &KeysDialog::copyPrivate);
}

std::vector<int> KeysDialog::selectedRows() const
{
    std::vector<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

keys::Entries KeysDialog::chosen() const
{
    keys::Entries some;
    for (const int row : selectedRows())
        some.push_back(m_set->entries()[std::size_t(row)]);
    return some.empty() ? m_set->entries() : some;
}

void KeysDialog::openFile(const QString &path)
{
    whenSaved([this, path] { read(path, Purpose::Open); });
}

void KeysDialog::addFile(const QString &path)
{
    // Into nothing at all is the same as opening.
    read(path, m_set->entries().empty() && !m_set->isModified() ? Purpose::Open : Purpose::Add);
}

void KeysDialog::read(const QString &path, Purpose purpose)
{
    auto bytes = readFile(path);
    if (!bytes) {
        say(tr("%1 cannot be read: %2").arg(path, bytes.error().reason), true);
        return;
    }
    m_notice->hide();
    m_purpose = purpose;
    m_readPath = QFileInfo(path).absoluteFilePath();
    crypto::SecretBytes secret{QByteArrayView(*bytes)};
    crypto::wipe(*bytes);
    m_importer->start(std::move(secret), QFileInfo(path).fileName());
}

void KeysDialog::addText(const QByteArray &text)
{
    m_notice->hide();
    m_purpose = Purpose::Add;
    m_readPath.clear();
    m_importer->start(crypto::SecretBytes{QByteArrayView(text)}, tr("The pasted text"));
}

void KeysDialog::paste()
{
    QByteArray text = QGuiApplication::clipboard()->text().toUtf8();
    if (text.trimmed().isEmpty())
        say(tr("There is no text on the clipboard."), true);
    else
        addText(text);
    crypto::wipe(text);
}

void KeysDialog::take(const keys::Imported &imported, const QString &name)
{
    QStringList words;
    const auto count = imported.entries.size();
    if (count == 0)
        words << tr("%1 holds no key").arg(name);
    else if (count == 1)
        words << tr("%1: %2").arg(name, text::formName(imported.sources.front().form));
    else
        words << tr("%1: %2 keys").arg(name).arg(qulonglong(count));
    for (const keys::ImportError &error : imported.skipped)
        words << tr("left out: %1").arg(text::sentence(error, name));
    const QString said = words.join(QStringLiteral("; "));
    const bool isSet = std::all_of(imported.sources.begin(), imported.sources.end(),
                                   [](const keys::Imported::Source &source) { return source.form == keys::Form::JwkSet; });
    if (m_purpose == Purpose::Open && (count > 0 || isSet)) {
        m_set->reset(imported.entries, isSet ? m_readPath : QString(), !isSet);
        say(isSet && imported.skipped.empty() ? QString() : said);
        return;
    }
    if (count == 0)
        say(said, true);
    else
        addEntries(imported.entries, tr("Import %1").arg(name), said);
}

void KeysDialog::addEntries(const keys::Entries &added, const QString &label, const QString &said)
{
    for (const keys::Entry &entry : added) {
        if (!entry.labels().kid.isEmpty() && m_set->rowOf(entry.labels().kid) >= 0) {
            askDuplicate(added, label, said, entry.labels().kid);
            return;
        }
    }
    m_set->add(added, label);
    say(said);
}

void KeysDialog::askDuplicate(const keys::Entries &added, const QString &label, const QString &said, const QByteArray &kid)
{
    auto *ask = new QMessageBox(
        QMessageBox::NoIcon, tr("The same key ID"),
        tr("The set has a key with the ID %1 already. Of two with the same ID the gateway signs with the last one.").arg(kidName(kid)),
        QMessageBox::Cancel, this);
    ask->setTextFormat(Qt::PlainText);
    ask->setObjectName(QStringLiteral("duplicateKidBox"));
    ask->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *replace = ask->addButton(tr("&Replace"), QMessageBox::AcceptRole);
    replace->setObjectName(QStringLiteral("duplicateReplace"));
    QPushButton *rename = ask->addButton(tr("Give it &another ID"), QMessageBox::AcceptRole);
    rename->setObjectName(QStringLiteral("duplicateRename"));
    ask->setDefaultButton(rename);
    connect(replace, &QPushButton::clicked, this, [this, added, label, said] {
        m_set->replaceSameKid(added, label);
        say(said);
    });
    connect(rename, &QPushButton::clicked, this, [this, added, label, said] {
        keys::Entries renamed = added;
        keys::Entries beside = m_set->entries();
        for (keys::Entry &entry : renamed) {
            jose::KeyLabels labels = entry.labels();
            const QByteArray old = labels.kid;
            const auto taken = [&] {
                return std::any_of(beside.begin(), beside.end(), [&](const keys::Entry &one) { return one.labels().kid == labels.kid; });
            };
            for (int i = 2; taken(); ++i)
                labels.kid = old + '-' + QByteArray::number(i);
            entry = entry.withLabels(labels);
            beside.push_back(entry);
        }
        m_set->add(renamed, label);
        say(said);
    });
    ask->open();
}

void KeysDialog::newKey()
{
    auto *dialog = new NewKeyDialog(m_set->entries(), m_session->now(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewKeyDialog::made, this, [this](const keys::Entry &entry) { addEntries({entry}, tr("New key"), {}); });
    dialog->open();
}

void KeysDialog::remove()
{
    const std::vector<int> rows = selectedRows();
    if (rows.empty())
        return;
    m_set->remove(rows);
    m_table->setFocus();
}

void KeysDialog::relabel(const jose::KeyLabels &labels)
{
    const std::vector<int> rows = selectedRows();
    if (rows.size() != 1)
        return;
    if (!labels.kid.isEmpty() && m_set->rowOf(labels.kid, rows.front()) >= 0) {
        m_details->showLabelError(tr("Another key of the set has this ID."));
        return;
    }
    m_set->setLabels(rows.front(), labels);
}

void KeysDialog::copyPrivate()
{
    const std::vector<int> rows = selectedRows();
    if (rows.size() != 1 || !m_set->entries()[std::size_t(rows.front())].hasPrivateMembers())
        return;
    auto *ask = new QMessageBox(QMessageBox::NoIcon, tr("Copy the private key?"),
                                tr("Other programs can read the clipboard. The key %1 is taken off it after a minute.")
                                    .arg(kidName(m_set->rows()[std::size_t(rows.front())].kid)),
                                QMessageBox::Cancel, this);
    ask->setTextFormat(Qt::PlainText);
    ask->setObjectName(QStringLiteral("copyPrivateBox"));
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setDefaultButton(QMessageBox::Cancel);
    QPushButton *copy = ask->addButton(tr("&Copy it"), QMessageBox::AcceptRole);
    copy->setObjectName(QStringLiteral("copyPrivateConfirm"));
    connect(copy, &QPushButton::clicked, this, [this, row = std::size_t(rows.front())] {
        if (row >= m_set->entries().size())
            return;
        clipboard()->copy(m_set->entries()[row].json());
        say(tr("The private key is on the clipboard for a minute."));
    });
    ask->open();
}

void KeysDialog::showSet(const keys::Entries &entries, const QString &path, const QString &words)
{
    m_set->reset(entries, path, path.isEmpty());
    say(words);
}

void KeysDialog::showChanged(int select)
{
    const std::vector<int> before = selectedRows();
    m_model->setRows(m_set->rows());
    const int count = m_model->rowCount();
    m_pages->setCurrentIndex(count > 0 ? 0 : 1);
    const int row = select >= 0 ? select : before.empty() ? 0 : before.front();
    if (count > 0)
        m_table->setCurrentIndex(m_model->index(qBound(0, row, count - 1), 0));
    showSelected();
}

void KeysDialog::showSelected()
{
    const std::vector<int> rows = selectedRows();
    if (rows.size() == 1 && std::size_t(rows.front()) < m_set->entries().size())
        m_details->show(m_set->entries()[std::size_t(rows.front())], m_set->rows()[std::size_t(rows.front())]);
    else
        m_details->showNone(m_set->entries().empty() ? tr("The chosen key is shown here.")
                            : rows.empty()           ? tr("Choose a key.")
                                                     : tr("%1 keys are chosen.").arg(rows.size()));
    updateActions();
}

void KeysDialog::updateActions()
{
    const std::vector<int> rows = selectedRows();
    const bool any = !m_set->entries().empty();
    const keys::Entry *one =
        rows.size() == 1 && std::size_t(rows.front()) < m_set->entries().size() ? &m_set->entries()[std::size_t(rows.front())] : nullptr;
    m_actions["remove"]->setEnabled(!rows.empty());
    m_actions["copyPublic"]->setEnabled(one && one->publicJson());
    m_actions["copyPrivate"]->setEnabled(one && one->hasPrivateMembers());
    for (const char *name : {"exportPublic", "exportWellKnown", "exportPem", "encrypt"})
        m_actions[name]->setEnabled(any);
    const keys::Entries some = chosen();
    m_actions["exportPrivatePem"]->setEnabled(std::any_of(some.begin(), some.end(), [](const keys::Entry &entry) {
        return entry.key() && entry.key()->isPrivate() && entry.key()->type() != jose::KeyType::Oct;
    }));
    m_actions["encrypt"]->setEnabled(true); // an encrypted one can be opened from there
    const bool dirty = m_set->isModified();
    m_actions["save"]->setEnabled(dirty || (any && m_set->path().isEmpty()));
    m_actions["saveAs"]->setEnabled(any || dirty);
    m_save->setEnabled(m_actions["save"]->isEnabled());
    const bool loaded = m_session->signer().state.enabled && !m_session->signer().state.keys.keys.empty();
    const auto *config = m_session->endpoint() && m_session->endpoint()->signer
                             ? std::get_if<gateway::SignerConfig>(&*m_session->endpoint()->signer)
                             : nullptr;
    const bool local = config && (!config->localPath.isEmpty() || [&] {
                           const lab::Binding *binding = m_session->bindings().forUrl(config->jwkUrl);
                           return binding && !binding->to.contains("://");
                       }());
    m_actions["takeDocument"]->setEnabled(loaded && local);
    m_actions["takeDocument"]->setToolTip(!loaded  ? tr("No key set is loaded for the chosen endpoint")
                                          : !local ? tr("The set comes from a URL; its public half can be taken")
                                                   : tr("The set that the signer of the chosen endpoint uses"));
    m_actions["takePublic"]->setEnabled(loaded);
    const QString name = m_set->path().isEmpty() ? any || dirty ? tr("New key set") : tr("Keys") : QFileInfo(m_set->path()).fileName();
    m_title->setWhole(
        any ? tr("%1 · %2").arg(name, m_set->entries().size() == 1 ? tr("1 key") : tr("%1 keys").arg(qulonglong(m_set->entries().size())))
            : name);
    setWindowTitle(any || dirty || !m_set->path().isEmpty() ? tr("%1[*] — Keys").arg(name) : tr("Keys[*]"));
    setWindowModified(dirty);
}

void KeysDialog::say(const QString &words, bool bad)
{
    if (words.isEmpty())
        m_notice->hide();
    else
        m_notice->showText(words, bad ? Tone::Bad : Tone::Accent);
}

void KeysDialog::keyPressEvent(QKeyEvent *event)
{
    if (!pressFocused(this, event))
        QDialog::keyPressEvent(event);
}

void KeysDialog::dragEnterEvent(QDragEnterEvent *event)
{
    const QMimeData *dropped = event->mimeData();
    if ((dropped->hasUrls() && dropped->urls().front().isLocalFile()) || dropped->hasText())
        event->acceptProposedAction();
}

void KeysDialog::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    const QMimeData *dropped = event->mimeData();
    if (dropped->hasUrls() && dropped->urls().front().isLocalFile())
        addFile(dropped->urls().front().toLocalFile());
    else
        addText(dropped->text().toUtf8());
}

} // namespace tokenlab::ui
