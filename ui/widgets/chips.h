// A list of names as chips that can be removed, with a field to add more.
#pragma once

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QStringListModel;

namespace tokenlab::ui {

class FlowLayout;

class Chips : public QWidget
{
    Q_OBJECT
public:
    // what: `name to sign`, for tooltips and screen readers.
    Chips(const QString &what, const QString &placeholder, QWidget *parent = nullptr);
    void setNames(const QStringList &names);
    [[nodiscard]] const QStringList &names() const { return m_names; }
    void setSuggestions(const QStringList &names);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QLineEdit *field() const { return m_field; }

signals:
    void added(const QString &name);
    void removed(int index);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    void focusChip(int index); // the field after the last one
    void orderTabs();
    QString m_what;
    QStringList m_names;
    FlowLayout *m_flow;
    QLineEdit *m_field;
    QStringListModel *m_suggestions;
    std::vector<QWidget *> m_chips;
    bool m_readOnly = false;
};

} // namespace tokenlab::ui
