using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>A journal on SQLite that stores nothing while the test holds it, or fails. All else goes to SQLite as it is.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It is disposed of as the journal that it stands for.")]
public class HeldJournal : DispatchProxy
{
    private readonly Lock _lock = new();
    private readonly Queue<JournalBatch> _held = [];
    private readonly Dictionary<int, int> _failedIncarnations = [];
    private SqliteJournal? _inner;
    private IJournalSink? _sink;
    private bool _isHeld;

    /// <summary>Whether what is to be stored fails.</summary>
    public bool Fails { get; set; }

    internal static (IJournal Journal, HeldJournal Hold) Open(string directory)
    {
        var journal = Create<IJournal, HeldJournal>();
        var hold = (HeldJournal)journal;
        hold._inner = new SqliteJournal(directory);
        return (journal, hold);
    }

    public void Hold()
    {
        lock (_lock)
        {
            _isHeld = true;
        }
    }

    public void LetGo()
    {
        lock (_lock)
        {
            _isHeld = false;
            while (_held.TryDequeue(out var batch))
            {
                _inner!.Submit(batch);
            }
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case nameof(IJournal.Submit):
                Submit((JournalBatch)args![0]!);
                return null;
            case nameof(IJournal.Start):
                _sink = (IJournalSink)args![0]!;
                break;
        }

        return targetMethod.Invoke(_inner, args);
    }

    private void Submit(JournalBatch batch)
    {
        lock (_lock)
        {
            if ((Fails && batch.HasWrites) || (_failedIncarnations.TryGetValue(batch.Shard, out var failed) && batch.Incarnation <= failed))
            {
                _failedIncarnations[batch.Shard] = batch.Incarnation;
                batch.State = BatchState.Failed;
                ThreadPool.QueueUserWorkItem(_ => _sink!.Failed(batch, new IOException("The test says so.")));
            }
            else if (_isHeld)
            {
                batch.State = BatchState.Submitted;
                _held.Enqueue(batch);
            }
            else
            {
                _inner!.Submit(batch);
            }
        }
    }
}
