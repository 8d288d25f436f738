using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>Whatever is stored in whatever order is read back as lists in memory have it.</summary>
public abstract partial class JournalContract
{
    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_entries_labels_snapshots_failures_and_restarts_read_back_as_lists_in_memory_have_them(int seed)
    {
        var model = new Model(new Random(seed));
        for (var life = 0; life < 6; life++)
        {
            var kinds = model.ChooseKinds();
            await using var session = await StartAsync(kinds);
            await session.ContinueAsync(model.Accounts.ToDictionary(account => account, account => model.RowsOf(account).LongCount()));
            for (var step = 0; step < 12; step++)
            {
                await model.StepAsync(session);
                if (step % 4 == 3)
                {
                    await model.CheckAsync(session);
                }
            }
        }
    }

    private sealed class Model(Random random)
    {
        private readonly List<(JournalRow Row, long Labelled, bool IsFraud, string[] Names)> _rows = [];
        private readonly Dictionary<string, Document> _documents = [];
        private readonly Dictionary<string, (long Position, byte[] State)> _entitySnapshots = [];
        private readonly Dictionary<string, (long Sequence, byte[] State)> _snapshots = [];
        private EntityKind[] _kinds = [];
        private int _failed;

        public IEnumerable<string> Accounts => _rows.Select(row => Encoding.UTF8.GetString(row.Row.AccountId)).Distinct();

        public IEnumerable<JournalRow> RowsOf(string account) => _rows.Select(row => row.Row).Where(row => Encoding.UTF8.GetString(row.AccountId) == account);

        public EntityKind[] ChooseKinds()
        {
            _failed = 0;
            _kinds = [.. EntityKinds.Visited.Where(_ => random.Next(3) > 0)];
            _kinds = _kinds.Length > 0 ? _kinds : [EntityKind.Terminal];
            foreach (var name in _entitySnapshots.Keys.Where(name => !_kinds.Any(kind => name.StartsWith($"{kind} ", StringComparison.Ordinal))).ToList())
            {
                _entitySnapshots.Remove(name);
            }

            return _kinds;
        }

        /// <summary>Stores a batch, or one that can't be stored.</summary>
        public async Task StepAsync(JournalSession session)
        {
            session.Shard = random.Next(3);
            var fails = _rows.Count > 0 && random.Next(6) == 0;
            var lengths = Accounts.ToDictionary(account => account, account => RowsOf(account).LongCount());
            var added = new List<(string Account, long Sequence, byte[] Bytes, long Labelled, bool IsFraud, string[] Names)>();
            for (var count = random.Next(40); count > 0; count--)
            {
                var account = $"a{random.Next(random.Next(2) == 0 ? 3 : 40)}";
                var length = lengths.GetValueOrDefault(account);
                var sequence = lengths[account] = length + 1;
                (EntityKind Kind, string Id)[] entities = [.. EntityKinds.Visited.Where(_ => random.Next(2) == 0).Select(kind => (kind, $"e{random.Next(random.Next(2) == 0 ? 2 : 50)}"))];
                string[] names = [.. entities.Select(entity => $"{entity.Kind} {entity.Id}")];
                var isFraud = random.Next(2) == 0;
                var labelled = length > 0 && random.Next(4) == 0 ? 1 + random.NextInt64(length) : 0;
                var isChange = labelled == 0 && random.Next(5) == 0;
                names = isChange ? [] : names;
                var bytes = isChange ? session.ChangeAt(account, sequence, (byte)random.Next(256))
                    : labelled > 0 ? session.LabelAt(account, sequence, labelled, $"t{labelled}", isFraud, entities)
                    : session.AppendAt(account, sequence, $"t{sequence}", ticks: random.Next(1000), entities: entities);
                added.Add((account, sequence, bytes, labelled, isFraud, names));
            }

            var snapshot = AddSnapshots(session) + AddDocuments(session);
            if (fails)
            {
                session.AppendAt(Accounts.First(), 1, "stands in the way");
                session.Submit();
                _failed++;
                await session.UntilFailedAsync(_failed);
                session.Incarnation++;
                return;
            }

            var batch = await session.SubmitAsync();
            _rows.AddRange(added.Select((row, i) =>
                (new JournalRow(batch.Positions[i], Encoding.UTF8.GetBytes(row.Account), row.Sequence, row.Bytes), row.Labelled, row.IsFraud, row.Names)));
            snapshot();
        }

        /// <summary>Everything that was stored is asked for.</summary>
        public async Task CheckAsync(JournalSession session)
        {
            var fromStart = random.Next(2) == 0;
            var entities = _rows.SelectMany(row => row.Names).Distinct().Where(IsIndexed)
                .Select(name => (Name: name, Recovery: session.RecoverEntity(Enum.Parse<EntityKind>(name.Split(' ')[0]), name.Split(' ')[1], fromStart))).ToList();
            var accounts = Accounts.Select(account => (Account: account, Recovery: session.Recover(account, fromStart))).ToList();
            await session.ReadAsync();
            foreach (var (name, recovery) in entities)
            {
                var (position, state) = fromStart ? (0, []) : _entitySnapshots.GetValueOrDefault(name, (0, []));
                Assert.Equal((position, Convert.ToHexString(state)), (recovery.SnapshotPosition, Convert.ToHexString(recovery.Snapshot)));
                AssertAre(_rows.Where(row => row.Names.Contains(name) && row.Row.Position > position).Select(row => row.Row), recovery);
            }

            foreach (var (account, recovery) in accounts)
            {
                var (sequence, state) = fromStart ? (0, []) : _snapshots.GetValueOrDefault(account, (0, []));
                Assert.Equal(Convert.ToHexString(state), Convert.ToHexString(recovery.Snapshot));
                Assert.Equal(
                    RowsOf(account).Where(row => row.Sequence > sequence).Select(row => (row.Sequence, Convert.ToHexString(row.Bytes))),
                    recovery.Entries.Select(entry => (entry.Sequence, Convert.ToHexString(entry.Bytes))));
                Assert.Equal(LabelsOf(account), await session.Journal.ReadLabelsAsync(Encoding.UTF8.GetBytes(account), 0, long.MaxValue));
            }

            Assert.Equal(_rows.Select(row => TextOf(row.Row)), (await session.Journal.ScanAsync(0, int.MaxValue)).Select(TextOf));
            var labels = _rows.Count(row => row.Labelled > 0);
            var changes = _rows.Count(row => ChangeCodec.IsChange(row.Row.Bytes));
            Assert.Equal(
                _documents.Values.OrderByDescending(document => document.CreatedTicks).ThenBy(document => document.Key, StringComparer.Ordinal).Select(DocumentStoreContract.Text),
                (await session.Journal.ListDocumentsAsync(DocumentKind.Case, new DocumentFilter(), null, int.MaxValue)).Select(DocumentStoreContract.Text));
            Assert.Equal(new JournalSize(_rows.Count - labels - changes, accounts.Count, 0, 0, labels), await session.Journal.MeasureAsync());
        }

        /// <summary>Adds snapshots to the session's batch; what is returned is to be done once they are stored.</summary>
        private Action AddSnapshots(JournalSession session)
        {
            if (_rows.Count == 0)
            {
                return static () => { };
            }

            Action stored = static () => { };
            var (row, _, _, names) = _rows[random.Next(_rows.Count)];
            var account = Encoding.UTF8.GetString(row.AccountId);
            byte[] state = [(byte)random.Next(256), (byte)random.Next(256)];
            session.Snapshot(account, row.Sequence, state);
            stored += () => _snapshots[account] = (row.Sequence, state);
            foreach (var name in names)
            {
                session.EntitySnapshot(Enum.Parse<EntityKind>(name.Split(' ')[0]), name.Split(' ')[1], row.Position, state);
                if (IsIndexed(name))
                {
                    stored += () => _entitySnapshots[name] = (row.Position, state);
                }
            }

            return stored;
        }

        /// <summary>Adds documents to the session's batch; what is returned is to be done once they are stored.</summary>
        private Action AddDocuments(JournalSession session)
        {
            Action stored = static () => { };
            for (var count = random.Next(4); count > 0; count--)
            {
                var how = random.Next(2) == 0 ? DocumentWrite.Replace : DocumentWrite.Keep;
                var document = new Document(DocumentKind.Case, $"d{random.Next(10)}", "", $"s{random.Next(3)}", "", random.Next(1000), random.Next(1000), [(byte)random.Next(256)]);
                session.Batch.AddDocument(document, how);
                stored += () =>
                {
                    var known = _documents.GetValueOrDefault(document.Key);
                    if (known is null || how == DocumentWrite.Replace)
                    {
                        _documents[document.Key] = document with { CreatedTicks = known?.CreatedTicks ?? document.CreatedTicks, Version = (known?.Version ?? 0) + 1 };
                    }
                };
            }

            return stored;
        }

        private IEnumerable<StoredLabel> LabelsOf(string account) => _rows
            .Where(row => row.Labelled > 0 && Encoding.UTF8.GetString(row.Row.AccountId) == account)
            .GroupBy(row => row.Labelled, (labelled, labels) => new StoredLabel(labelled, labels.Last().IsFraud))
            .OrderBy(label => label.Sequence);

        private bool IsIndexed(string name) => _kinds.Any(kind => name.StartsWith($"{kind} ", StringComparison.Ordinal));
    }
}
