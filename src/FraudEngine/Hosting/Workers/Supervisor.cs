namespace FraudEngine.Hosting.Workers;

/// <summary>The workers together: started at once, restarted one after the other, ended at once.</summary>
internal sealed class Supervisor(IReadOnlyList<WorkerSlot> workers, SharedPort port, Action<string> say)
{
    private int _isRestarting;
    private volatile bool _isStopping;

    public IReadOnlyList<WorkerSlot> Workers => workers;

    /// <summary>Ends when all workers have ended after <see cref="StopAsync"/>.</summary>
    public Task RunAsync() => Task.WhenAll(workers.Select(static worker => worker.RunAsync()));

    /// <summary>
    /// Each worker is replaced by a new process, the next one once the one before is ready, so that all but one are there all the time. Where a new one does not become ready it ends
    /// there: what keeps it from starting would keep the others too.
    /// </summary>
    public async Task RestartAsync()
    {
        if (Interlocked.Exchange(ref _isRestarting, 1) == 1)
        {
            say("is restarting the workers already");
            return;
        }

        say("restarts the workers one after the other");
        foreach (var worker in workers)
        {
            if (_isStopping)
            {
                break;
            }

            if (!await worker.RestartAsync() && !_isStopping)
            {
                say($"restarts no more workers, because [{worker.Number}] did not become ready; SIGHUP begins anew");
                break;
            }
        }

        say("has done with restarting");
        Volatile.Write(ref _isRestarting, 0);
    }

    /// <summary>All at once: handing shards over from one to the next would be work for nothing. The port is given up first, so that who connects is refused and does not wait in vain.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        port.Dispose();
        return Task.WhenAll(workers.Select(static worker => worker.EndAsync()));
    }

    public void Kill()
    {
        foreach (var worker in workers)
        {
            worker.Kill();
        }
    }
}
