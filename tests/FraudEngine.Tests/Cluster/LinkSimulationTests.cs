namespace FraudEngine.Tests.Cluster;

public sealed class LinkSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Requests_are_handled_in_order_and_answered_once_whatever_happens_to_messages_and_owners(int seed)
    {
        for (var round = 0; round < 250; round++)
        {
            var simulation = new LinkSimulation((seed * 1000) + round);
            simulation.Run();
            simulation.Check();
        }
    }

    [Fact]
    public void The_simulation_does_meet_what_it_is_about()
    {
        var met = new Dictionary<string, int>();
        for (var seed = 0; seed < 100; seed++)
        {
            var simulation = new LinkSimulation(seed);
            simulation.Run();
            foreach (var (what, count) in simulation.Met)
            {
                met[what] = met.GetValueOrDefault(what) + count;
            }
        }

        foreach (var what in new[] { "lost", "doubled", "taken", "given back by order", "given back by the engine", "handled again", "expired", "answered" })
        {
            Assert.True(met.GetValueOrDefault(what) > 20, $"{what}: {met.GetValueOrDefault(what)}");
        }
    }
}
