namespace FraudEngine.Actors;

/// <summary>Runs event loops that have something to do. A test replaces it by a seeded one that runs them one at a time.</summary>
public interface IDispatcher
{
    /// <summary>Runs <paramref name="loop"/> once, soon. A loop is never scheduled again before it has begun to run.</summary>
    void Schedule(IThreadPoolWorkItem loop);
}
