using System.Net;
using System.Text.Json;
using FraudEngine.Cluster;
using FraudEngine.Hosting;
using FraudEngine.Tests.Ingress;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FraudEngine.Tests.Hosting;

public sealed class ClusterEndpointTests : IAsyncLifetime
{
    private static readonly MemberView First = new("n-1", "5f", "http://127.0.0.1:5081", "ready", new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc).Ticks, [0, 2], 1250.46, 3, 12, 0.0021);
    private static readonly MemberView Second = First with { Name = "n-2", State = "apart", Shards = [1] };

    private readonly WebApplication _web;
    private ClusterView? _view = new("n-1", true, [First, Second], ["n-1", "n-2", "n-1", null]);

    public ClusterEndpointTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        ClusterEndpoint.Map(_web, () => _view);
    }

    public Task InitializeAsync() => _web.StartAsync();

    public Task DisposeAsync() => _web.DisposeAsync().AsTask();

    [Fact]
    public async Task The_view_of_the_node_is_told_as_JSON()
    {
        var reply = await GetAsync();
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(
            """
            {"node":"n-1","ready":true,"shards":{"owned":3,"unowned":1},"members":[{"name":"n-1","life":"5f","url":"http://127.0.0.1:5081","state":"ready","since":"2026-01-31T12:00:00Z","owned":2,"shards":[0,2],"decidedPerSecond":1250.5,"forwardedPerSecond":3,"inFlight":12,"lagSeconds":0.002},{"name":"n-2","life":"5f","url":"http://127.0.0.1:5081","state":"apart","since":"2026-01-31T12:00:00Z","owned":1,"shards":[1],"decidedPerSecond":1250.5,"forwardedPerSecond":3,"inFlight":12,"lagSeconds":0.002}],"owners":["n-1","n-2","n-1",null]}
            """,
            reply.Body);
    }

    [Fact]
    public async Task The_answer_and_the_example_are_as_the_OpenAPI_document_describes_them()
    {
        using var document = JsonDocument.Parse(OpenApiEndpoint.Read());
        var content = document.RootElement.GetProperty("paths").GetProperty("/v1/cluster").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content")
            .GetProperty(OpenApiTests.Json);
        var schema = new JsonSchema(document.RootElement);
        Assert.Equal("", schema.Check(content.GetProperty("schema"), content.GetProperty("example")));
        Assert.Equal("", schema.Check(content.GetProperty("schema"), (await GetAsync()).Json));
    }

    [Fact]
    public async Task An_engine_by_itself_says_that_it_is_in_no_cluster()
    {
        _view = null;
        var reply = await GetAsync();
        Assert.Equal((HttpStatusCode.NotFound, OpenApiTests.Problem), (reply.Status, reply.ContentType));
        Assert.Equal("urn:fraudengine:problem:no-cluster", reply.Json.GetProperty("type").GetString());
    }

    private async Task<Reply> GetAsync()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(_web.Urls.Single() + "/v1/cluster"));
        return await Reply.OfAsync(response);
    }
}
