using System.Text.Json;
using System.Xml.Linq;

namespace FraudEngine.Tests.Deploy;

/// <summary><c>deploy/Dockerfile</c> fits the sources and the engine.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Words = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"];

    [Fact]
    public void What_it_copies_is_there_and_is_not_left_out_of_its_context()
    {
        var ignored = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"));
        foreach (var copy in Dockerfile.All("COPY").Where(static copy => !copy.StartsWith("--from=", StringComparison.Ordinal)))
        {
            Assert.All(copy.Split(' ')[..^1], source =>
            {
                Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source);
                Assert.DoesNotContain(source.Split('/')[0], ignored);
            });
        }
    }

    [Fact]
    public void Before_it_restores_it_has_every_project_that_the_engine_is_built_of_and_every_file_that_says_how()
    {
        var before = Dockerfile.Instructions.TakeWhile(static instruction => !instruction.What.StartsWith("dotnet restore", StringComparison.Ordinal))
            .Where(static instruction => instruction.Word == "COPY").SelectMany(static instruction => instruction.What.Split(' ')[..^1]).ToHashSet();
        string[] needed = [.. ProjectsOf("src/FraudEngine/FraudEngine.csproj"), "global.json", "Directory.Build.props", "Directory.Packages.props", "src/Directory.Build.props", "BannedSymbols.txt"];
        Assert.Empty(needed.Except(before));
        Assert.DoesNotContain(before, static source => source.EndsWith('/'));
    }

    [Fact]
    public void Its_images_are_of_the_version_that_the_project_is_built_for()
    {
        using var sdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json")));
        var version = string.Join('.', sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!.Split('.')[..2]);
        Assert.Equal([$"mcr.microsoft.com/dotnet/sdk:{version} AS build", $"mcr.microsoft.com/dotnet/aspnet:{version}"], Dockerfile.All("FROM"));
    }

    [Fact]
    public void The_engine_runs_as_nobody_special_on_the_port_that_is_exposed_and_is_asked_to_stop()
    {
        Assert.All(Dockerfile.Instructions, static instruction => Assert.Contains(instruction.Word, Words));
        Assert.Equal("$APP_UID", Assert.Single(Dockerfile.All("USER")));
        Assert.Equal($"{Dockerfile.Port}", Assert.Single(Dockerfile.All("EXPOSE")));
        Assert.Equal("SIGTERM", Assert.Single(Dockerfile.All("STOPSIGNAL")));
        Assert.Equal(["dotnet", "FraudEngine.dll"], JsonSerializer.Deserialize<string[]>(Assert.Single(Dockerfile.All("ENTRYPOINT")))!);
        var arguments = JsonSerializer.Deserialize<string[]>(Assert.Single(Dockerfile.All("CMD")))!;
        Assert.Equal(["--urls", $"http://+:{Dockerfile.Port}"], arguments);
        FraudEngine.Hosting.Options.CheckCommandLine(arguments);
    }

    private static HashSet<string> ProjectsOf(string project)
    {
        var path = Path.Combine(Repository.Root, project);
        HashSet<string> projects = [project];
        foreach (var reference in XDocument.Load(path).Descendants("ProjectReference"))
        {
            var other = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, reference.Attribute("Include")!.Value));
            projects.UnionWith(ProjectsOf(Path.GetRelativePath(Repository.Root, other)));
        }

        return projects;
    }
}
