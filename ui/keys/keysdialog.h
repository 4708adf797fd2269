// The Keys window: a key set as a table, what comes into it, what is made of it, and how it gets into the document. Not modal: the set and
// the document are worked on side by side.
#pragma once

#include "core/keys/import.h"
#include "ui/keys/keysetstack.h"
#include "ui/session.h"
#include "ui/widgets/newest.h"

#include <QDialog>

class QLabel;
class QMenu;
class QMimeData;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tokenlab::ui {

class Banner;
class ClearingClipboard;
class ElidedLabel;
class EncryptDialog;
class KeyDetails;
class KeyImporter;
class KeysModel;

class KeysDialog : public QDialog
{
    Q_OBJECT
public:
    explicit KeysDialog(LabSession *session, QWidget *parent = nullptr);
    ~KeysDialog() override;

    [[nodiscard]] KeySetStack *set() const { return m_set; }
    void openFile(const QString &path); // a set, or whatever holds keys, in place of what is shown
    void addFile(const QString &path);  // its keys, beside those that are shown
    void addText(const QByteArray &text);
    void saveTo(const QString &path); // with the private keys; only its owner can read it
    void exportPublic(const QString &path);
    void exportPem(const QString &path); // the public halves
    // Only after it was asked for plainly; only its owner can read it. passphrase: none, in clear.
    void exportPrivatePem(const keys::Entries &some, const QString &path, const std::optional<crypto::SecretBytes> &passphrase);
    void exportWellKnown(const QString &folder);
    void takeFromDocument(bool publicHalf);
    // A set that was just made elsewhere, saved or not.
    void showSet(const keys::Entries &entries, const QString &path, const QString &words);

    void reject() override; // asks for what is not saved

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct PemText {
        crypto::SecretBytes text; // empty: it failed
        int count = 0;
    };
    enum class Purpose { Open, Add };
    void createActions();
    QAction *action(const char *name, const QString &text, const QKeySequence &keys = {});
    [[nodiscard]] QToolButton *menuButton(const QString &text, const char *name, QMenu *menu);
    void read(const QString &path, Purpose purpose);
    void take(const keys::Imported &imported, const QString &name);
    void addEntries(const keys::Entries &added, const QString &label, const QString &said);
    void askDuplicate(const keys::Entries &added, const QString &label, const QString &said, const QByteArray &kid);
    void newKey();
    void paste();
    void remove();
    void save();
    void saveAs();
    void writeSet(const QString &path, bool publicOnly);
    void copyPrivate();
    void askPrivatePem();
    void encrypt();
    void relabel(const jose::KeyLabels &labels);
    void showSelected();
    void showChanged(int select);
    void updateActions();
    void say(const QString &words, bool bad = false);
    void whenSaved(const std::function<void()> &then);
    void chooseFile(const QString &title, const char *name, bool toSave, const QString &suggested,
                    const std::function<void(const QString &)> &then);
    [[nodiscard]] std::vector<int> selectedRows() const;
    [[nodiscard]] keys::Entries chosen() const; // the selected keys; all where none is
    [[nodiscard]] QString leftOut(const keys::Entries &from, const std::vector<std::size_t> &indexes) const;
    [[nodiscard]] ClearingClipboard *clipboard();

    LabSession *m_session;
    KeySetStack *m_set;
    KeysModel *m_model;
    KeyImporter *m_importer;
    Newest<std::shared_ptr<const PemText>> m_sealing;
    QTreeView *m_table;
    KeyDetails *m_details;
    Banner *m_notice;
    QStackedWidget *m_pages;
    ElidedLabel *m_title;
    QPushButton *m_save;
    std::map<QByteArray, QAction *> m_actions;
    Purpose m_purpose = Purpose::Add;
    QString m_readPath;
};

} // namespace tokenlab::ui
