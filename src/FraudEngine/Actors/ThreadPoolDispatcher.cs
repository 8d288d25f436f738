namespace FraudEngine.Actors;

/// <summary>Runs loops on the thread pool: no thread of their own, nothing runs when there is nothing to do.</summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    public void Schedule(IThreadPoolWorkItem loop) => ThreadPool.UnsafeQueueUserWorkItem(loop, preferLocal: false);
}
