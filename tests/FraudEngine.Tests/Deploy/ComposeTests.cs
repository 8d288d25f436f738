using System.Globalization;
using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Deploy;

/// <summary><c>deploy/compose.yaml</c> and its files fit each other and the engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly DeployedYaml Compose = Assert.Single(DeployedYaml.ReadAll("compose.yaml"));
    private static readonly DeployedYaml Services = Compose["services"];
    private static readonly string[] Engines = [.. Services.Keys.Where(static name => name.StartsWith("engine-", StringComparison.Ordinal))];

    [Fact]
    public void Each_engine_has_options_that_there_are_and_a_name_of_its_own()
    {
        Assert.Equal(3, Engines.Length);
        foreach (var engine in Engines)
        {
            var environment = Services[engine]["environment"].ToTexts();
            Assert.Equal(engine, environment["Cluster__Node"]);
            Assert.Equal($"http://{engine}:{Dockerfile.Port}", environment["Cluster__OwnUrl"]);
            DeployedOptions.Check(environment.ToDictionary(static variable => variable.Key, static variable => Variable().Replace(variable.Value, "secret")));
        }
    }

    [Fact]
    public void The_servers_that_the_engines_name_are_services_with_the_same_user_database_and_password()
    {
        var environment = Services[Engines[0]]["environment"].ToTexts();
        var postgres = Services["postgres"]["environment"].ToTexts();
        Assert.Equal(
            $"Host=postgres;Database={postgres["POSTGRES_DB"]};Username={postgres["POSTGRES_USER"]};Password={postgres["POSTGRES_PASSWORD"]}", environment["Storage__ConnectionString"]);
        var rabbit = Services["rabbitmq"]["environment"].ToTexts();
        Assert.Equal($"amqp://{rabbit["RABBITMQ_DEFAULT_USER"]}:{rabbit["RABBITMQ_DEFAULT_PASS"]}@rabbitmq:5672/", environment["Broker__Url"]);
    }

    [Fact]
    public void A_service_that_another_waits_for_is_there_and_has_a_health_check()
    {
        foreach (var engine in Engines)
        {
            var needs = Services[engine]["depends_on"];
            Assert.Equal(["postgres", "rabbitmq"], needs.Keys);
            Assert.All(needs.Keys, name =>
            {
                Assert.Equal("service_healthy", needs[name]["condition"].Text);
                Assert.NotEmpty(Services[name]["healthcheck"]["test"].Items);
            });
        }

        Assert.Equal(Engines, Services["front"]["depends_on"].Items.Select(static item => item.Text));
    }

    [Fact]
    public void Each_service_is_restarted_and_each_engine_has_time_to_stop()
    {
        Assert.All(Services.Keys, static name => Assert.Equal("unless-stopped", Services[name]["restart"].Text));
        Assert.All(Engines, static engine =>
        {
            var grace = int.Parse(Services[engine]["stop_grace_period"].Text.TrimEnd('s'), CultureInfo.InvariantCulture);
            Assert.True(TimeSpan.FromSeconds(grace) > DeployedOptions.ShutdownMax);
        });
    }

    [Fact]
    public void Each_variable_that_it_asks_for_stands_in_the_example_and_each_file_and_volume_is_there()
    {
        var example = File.ReadAllLines(Path.Combine(Repository.Root, "deploy", "compose.env.example"))
            .Where(static line => line.Contains('=') && !line.StartsWith('#')).Select(static line => line.Split('=')[0]);
        Assert.Equal(example.Order(), Compose.Scalars().SelectMany(static text => Variable().Matches(text)).Select(static match => match.Groups[1].Value).Distinct().Order());

        var volumes = Compose["volumes"].Keys.ToArray();
        Assert.All(Services.Keys.Select(static name => Services[name].Find("volumes")).OfType<DeployedYaml>().SelectMany(static list => list.Items), volume =>
        {
            var source = volume.Text.Split(':')[0];
            Assert.True(source.StartsWith("./", StringComparison.Ordinal) ? File.Exists(Path.Combine(Repository.Root, "deploy", source)) : volumes.Contains(source), volume.Text);
        });
    }

    [Fact]
    public void The_image_is_built_from_the_Dockerfile_and_the_front_sends_to_every_engine()
    {
        var build = Services[Engines[0]]["build"];
        Assert.True(File.Exists(Path.GetFullPath(Path.Combine(Repository.Root, "deploy", build["context"].Text, build["dockerfile"].Text))));

        var front = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "haproxy.cfg"));
        Assert.Equal(Engines.Select(static engine => $"{engine}:{Dockerfile.Port}"), Server().Matches(front).Select(static match => match.Groups[1].Value));
        Assert.Contains("option httpchk GET /health/ready", front, StringComparison.Ordinal);
        Assert.Contains($"bind :{Assert.Single(Services["front"]["ports"].Items).Text.Split(':')[^1]}\n", front, StringComparison.Ordinal);
        Assert.Contains("GET /health/ready ", string.Concat(Services[Engines[0]]["healthcheck"]["test"].Scalars()), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$\{(\w+):\?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s+server \S+ (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Server();
}
