namespace FraudEngine.Storage.Sqlite;

/// <summary>A thread that empties a queue, everything that has arrived at a time. SQLite blocks, so it gets threads of its own, off the event loops.</summary>
internal sealed class WorkerThread<TWork> : IDisposable
{
    private readonly object _gate = new();
    private readonly Action<List<TWork>> _run;
    private readonly Thread _thread;
    private List<TWork> _waiting = [];
    private bool _isStopping;

    /// <param name="run">Handles what has arrived; must not throw.</param>
    public WorkerThread(string name, Action<List<TWork>> run)
    {
        _run = run;
        _thread = new Thread(Loop) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public void Enqueue(TWork work) => ObjectDisposedException.ThrowIf(!TryEnqueue(work), this);

    /// <summary>False where the thread is ending.</summary>
    public bool TryEnqueue(TWork work)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return false;
            }

            _waiting.Add(work);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Finishes what has arrived and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Loop()
    {
        List<TWork> taken = [];
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0)
                {
                    if (_isStopping)
                    {
                        return;
                    }

                    Monitor.Wait(_gate);
                }

                (taken, _waiting) = (_waiting, taken);
            }

            _run(taken);
            taken.Clear();
        }
    }
}
