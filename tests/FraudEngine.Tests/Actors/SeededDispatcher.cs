using FraudEngine.Actors;

namespace FraudEngine.Tests.Actors;

/// <summary>Runs loops one at a time on the test's own thread, in an order that follows from a seed.</summary>
internal sealed class SeededDispatcher(int seed) : IDispatcher
{
    private readonly Random _random = new(seed);
    private readonly List<IThreadPoolWorkItem> _scheduled = [];

    /// <summary>From any thread: what waits for a loop goes on where it likes.</summary>
    public void Schedule(IThreadPoolWorkItem loop)
    {
        lock (_scheduled)
        {
            _scheduled.Add(loop);
        }
    }

    /// <summary>Runs one loop; false where none has anything to do.</summary>
    public bool RunOne()
    {
        IThreadPoolWorkItem loop;
        lock (_scheduled)
        {
            if (_scheduled.Count == 0)
            {
                return false;
            }

            var index = _random.Next(_scheduled.Count);
            loop = _scheduled[index];
            _scheduled.RemoveAt(index);
        }

        loop.Execute();
        return true;
    }

    public void RunAll()
    {
        while (RunOne())
        {
        }
    }
}
