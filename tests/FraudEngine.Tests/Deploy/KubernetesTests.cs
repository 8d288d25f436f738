using System.Globalization;
using FraudEngine.Hosting;

namespace FraudEngine.Tests.Deploy;

/// <summary>The manifests of <c>deploy/kubernetes</c> fit each other and the engine.</summary>
public sealed class KubernetesTests
{
    private const string Example = "secret.example.yaml";

    private static readonly DeployedYaml Kustomization = Assert.Single(DeployedYaml.ReadAll("kubernetes/kustomization.yaml"));
    private static readonly DeployedYaml[] Applied = [.. Kustomization["resources"].Items.SelectMany(static file => DeployedYaml.ReadAll($"kubernetes/{file.Text}"))];
    private static readonly DeployedYaml[] Secrets = [.. DeployedYaml.ReadAll($"kubernetes/{Example}")];
    private static readonly DeployedYaml Set = Only("StatefulSet")["spec"];
    private static readonly DeployedYaml Pod = Set["template"]["spec"];
    private static readonly DeployedYaml Container = Assert.Single(Pod["containers"].Items);

    [Fact]
    public void Every_manifest_is_applied_but_the_example_of_the_secrets()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "deploy", "kubernetes")).Select(Path.GetFileName);
        Assert.Equal(files.Order(), Kustomization["resources"].Items.Select(static file => file.Text).Append("kustomization.yaml").Append(Example).Order());
    }

    [Fact]
    public void The_engine_s_variables_are_options_that_there_are()
    {
        var environment = Only("ConfigMap")["data"].ToTexts();
        foreach (var (name, value) in Named(Secrets, "fraudengine-servers")["stringData"].ToTexts())
        {
            environment.Add(name, value);
        }

        foreach (var variable in Container["env"].Items)
        {
            environment.Add(variable["name"].Text, variable.Find("value")?.Text.Replace("$(Cluster__Node)", "fraudengine-0", StringComparison.Ordinal) ?? "fraudengine-0");
        }

        DeployedOptions.Check(environment);
        Options.CheckCommandLine([.. Container["args"].Items.Select(static arg => arg.Text)]);
        Assert.Equal("http://fraudengine-0.fraudengine-nodes:5080", environment["Cluster__OwnUrl"]);
    }

    [Fact]
    public void A_node_is_named_as_its_pod()
    {
        var node = Container["env"].Items.Single(static variable => variable["name"].Text == "Cluster__Node");
        Assert.Equal("metadata.name", node["valueFrom"]["fieldRef"]["fieldPath"].Text);
        Assert.Equal("fraudengine-nodes", Set["serviceName"].Text);
        Assert.Equal("None", Named(Applied, "fraudengine-nodes")["spec"]["clusterIP"].Text);
    }

    [Fact]
    public void What_the_pods_take_from_settings_secrets_and_volumes_is_there()
    {
        Assert.All(Container["envFrom"].Items, static source =>
        {
            _ = source.Find("configMapRef") is { } map ? Named(Applied, map["name"].Text)["data"] : Named(Secrets, source["secretRef"]["name"].Text)["stringData"];
        });
        var volumes = Pod["volumes"].Items.ToArray();
        Assert.Equal(volumes.Select(static volume => volume["name"].Text), Container["volumeMounts"].Items.Select(static mount => mount["name"].Text));
        Assert.All(volumes.Select(static volume => volume.Find("secret")).OfType<DeployedYaml>(), static secret => Named(Secrets, secret["secretName"].Text));

        // The file of the CA is named in three places.
        var mount = Container["volumeMounts"].Items.Single(static mount => mount["name"].Text == "ca")["mountPath"].Text;
        var file = $"{mount}/{Assert.Single(Named(Secrets, "fraudengine-ca")["stringData"].Keys)}";
        Assert.Equal(file, Container["env"].Items.Single(static variable => variable["name"].Text == "SSL_CERT_FILE")["value"].Text);
        Assert.EndsWith($";Root Certificate={file}", Named(Secrets, "fraudengine-servers")["stringData"]["Storage__ConnectionString"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_secrets_has_no_secret_in_it()
    {
        Assert.All(Secrets.SelectMany(static secret => secret["stringData"].ToTexts().Values), static value => Assert.Contains("CHANGE-ME", value, StringComparison.Ordinal));
        Assert.DoesNotContain(Applied, static manifest => manifest["kind"].Text == "Secret");
    }

    [Fact]
    public void Every_selector_selects_the_pods()
    {
        var labels = Set["template"]["metadata"]["labels"].ToTexts();
        IEnumerable<DeployedYaml> selectors =
        [
            Set["selector"]["matchLabels"], Only("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
            .. Pod["topologySpreadConstraints"].Items.Select(static constraint => constraint["labelSelector"]["matchLabels"]),
            .. Applied.Where(static manifest => manifest["kind"].Text == "Service").Select(static service => service["spec"]["selector"]),
        ];
        Assert.All(selectors, selector => Assert.Equal(labels, selector.ToTexts()));
    }

    [Fact]
    public void Services_and_probes_lead_to_the_port_where_the_engine_listens()
    {
        var port = Assert.Single(Container["ports"].Items);
        Assert.Equal(Dockerfile.Port.ToString(CultureInfo.InvariantCulture), port["containerPort"].Text);
        Assert.Equal(["--urls", $"http://+:{Dockerfile.Port}"], Container["args"].Items.Select(static arg => arg.Text));
        Assert.All(Probes(), probe => Assert.Equal(port["name"].Text, probe["port"].Text));
        Assert.All(Applied.Where(static manifest => manifest["kind"].Text == "Service").SelectMany(static service => service["spec"]["ports"].Items), served =>
        {
            Assert.Equal(port["name"].Text, served["targetPort"].Text);
            Assert.Equal(port["containerPort"].Text, served["port"].Text);
        });
    }

    [Fact]
    public async Task The_engine_answers_where_the_probes_look()
    {
        Assert.Equal(["/health/live", "/health/live", "/health/ready"], Probes().Select(static probe => probe["path"].Text).Order());
        using var folder = new TemporaryFolder();
        await using var host = await EngineHost.OpenAsync(["--urls", "http://127.0.0.1:0", "--Storage:ConnectionString", folder.PathOf("data")]);
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
        foreach (var probe in Probes())
        {
            using var answer = await client.GetAsync(new Uri(probe["path"].Text, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, $"{probe["path"].Text}: {answer.StatusCode}");
        }
    }

    [Fact]
    public void A_pod_has_time_to_stop_and_only_one_is_taken_away_at_a_time()
    {
        var grace = Seconds(Pod["terminationGracePeriodSeconds"]) - Seconds(Container["lifecycle"]["preStop"]["sleep"]["seconds"]);
        Assert.True(TimeSpan.FromSeconds(grace) > DeployedOptions.ShutdownMax);
        Assert.Equal("1", Only("PodDisruptionBudget")["spec"]["maxUnavailable"].Text);
        Assert.True(Seconds(Set["replicas"]) >= 2, "With one node, an outage can't be avoided.");
    }

    [Fact]
    public void The_image_is_named_the_same_everywhere()
    {
        var image = Assert.Single(Kustomization["images"].Items);
        var compose = Assert.Single(DeployedYaml.ReadAll("compose.yaml"))["x-engine"]["image"].Text;
        Assert.Equal(compose, Container["image"].Text);
        Assert.Equal(compose, $"{image["name"].Text}:{image["newTag"].Text}");
    }

    [Fact]
    public void A_container_may_do_no_more_than_it_must()
    {
        Assert.Equal("true", Pod["securityContext"]["runAsNonRoot"].Text);
        Assert.Equal("false", Pod["automountServiceAccountToken"].Text);
        Assert.Equal("true", Container["securityContext"]["readOnlyRootFilesystem"].Text);
        Assert.Equal("false", Container["securityContext"]["allowPrivilegeEscalation"].Text);
        Assert.Equal("ALL", Assert.Single(Container["securityContext"]["capabilities"]["drop"].Items).Text);
    }

    private static IEnumerable<DeployedYaml> Probes() => new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(static name => Container[name]["httpGet"]);

    private static DeployedYaml Only(string kind) => Assert.Single(Applied, manifest => manifest["kind"].Text == kind);

    private static DeployedYaml Named(IEnumerable<DeployedYaml> manifests, string name) =>
        Assert.Single(manifests, manifest => manifest["metadata"]["name"].Text == name);

    private static int Seconds(DeployedYaml value) => int.Parse(value.Text, CultureInfo.InvariantCulture);
}
