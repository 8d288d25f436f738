using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>The whole contract again where nearly every row leaves memory at once, so that segments on disk and the rows that wait play together.</summary>
public sealed class SqliteShortTailTests : JournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IJournal Open() => new SqliteJournal(_folder.PathOf("data"), tailRowsMax: 3);
}
