using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.Host;

namespace Monolith.Architecture.Tests;

/// <summary>Checks of the container files that need no Docker.</summary>
[Trait("Category", "Unit")]
public sealed partial class ContainerTests
{
    private const string Dockerfile = "Dockerfile";
    private const string Compose = "compose.yaml";
    private const string Workflow = ".github/workflows/ci.yml";

    private static readonly string[] OurServices = ["migrate", "host"];

    [Fact]
    public void Images_are_pinned_to_a_version()
    {
        ContainerFile.Images(Checkout.Read(Dockerfile)).Length.ShouldBe(2);
        ContainerFile.Images(Checkout.Read(Compose)).Length.ShouldBe(3);
        ContainerFile.Loose(Checkout.Read(Dockerfile)).ShouldBeEmpty();
        ContainerFile.Loose(Checkout.Read(Compose)).ShouldBeEmpty();
        ContainerFile.Loose("FROM a:1.2.3 AS build\nFROM b\nFROM build\nFROM c:latest\n    image: d:17\n")
            .ShouldBe(["b", "c:latest", "d:17"], "the rule catches the fixture");
    }

    [Fact]
    public void Runtime_image_has_no_shell_and_is_not_root()
    {
        var text = Checkout.Read(Dockerfile);
        ContainerFile.Images(text)[^1].ShouldMatch("/aspnet:10[.].*-chiseled$");
        Regex.Match(text, @"(?m)^USER (\S+)").Groups[1].Value.ShouldBe("1654", "the user that the image has for this");
    }

    [Fact]
    public void Sources_of_the_image_exist_and_are_not_ignored()
    {
        var copied = ContainerFile.Copied(Checkout.Read(Dockerfile));
        copied.ShouldContain("src");
        copied.Where(path => !File.Exists(Path.Combine(Checkout.Root, path)) && !Directory.Exists(Path.Combine(Checkout.Root, path)))
            .ShouldBeEmpty();
        var ignored = Checkout.Read(".dockerignore").Split('\n');
        ignored.ShouldContain("*");
        copied.Where(path => !ignored.Contains($"!{path}")).ShouldBeEmpty();
        ContainerFile.Copied("COPY a b ./\nCOPY --from=build /c .\n").ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Image_is_the_published_host_by_default()
    {
        var program = $"{typeof(HostSettings).Assembly.GetName().Name}.dll";
        var dockerfile = Checkout.Read(Dockerfile);
        var image = dockerfile[dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        Regex.Matches(image, @"[\w.]+\.dll").Select(match => match.Value).Distinct().ShouldBe([program]);
        Regex.Matches(image, @"--from=(\S+)").Select(match => match.Groups[1].Value).Distinct().ShouldBe(["build-host"]);
        Regex.Match(dockerfile, @"AS build-host\n(?:ARG .*\n)?RUN dotnet publish (\S+)").Groups[1].Value.ShouldBe("src/Host");
    }

    [Fact]
    public void Every_environment_name_is_a_documented_setting()
    {
        var document = Checkout.Read("docs/configuration.md");
        string[] names =
        [
            .. ContainerFile.Set(Checkout.Read(Dockerfile)).Select(variable => variable.Name),
            .. OurServices.SelectMany(service => ContainerFile.Environment(Checkout.Read(Compose), service).Keys)
        ];
        names.Length.ShouldBeGreaterThan(10);
        names.Where(name => !IsSetting(name) && !document.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        IsSetting("Log__Partition").ShouldBeFalse("the rule catches the fixture");
        IsSetting("Database__Passwords__custmers_app").ShouldBeFalse("the rule catches the fixture");
    }

    [Fact]
    public void Host_accepts_the_settings_of_the_services()
    {
        foreach (var service in OurServices)
        {
            var settings = ContainerFile.Environment(Checkout.Read(Compose), service);
            settings.ShouldContainKey("ConnectionStrings__Monolith");
            HostSettings.Require(Configuration(settings));
        }

        HostSettings.Require(
            Configuration(
                ContainerFile.Set(Checkout.Read(Dockerfile)).ToDictionary(variable => variable.Name, variable => variable.Value)));
    }

    [Fact]
    public void Migration_service_has_the_password_of_every_role()
    {
        var environment = ContainerFile.Environment(Checkout.Read(Compose), "migrate");

        Solution.WriteSide.ShouldNotBeEmpty();
        foreach (var module in Solution.WriteSide.Select(module => module.GetName().Name!.Split('.')[^1].ToLowerInvariant()))
        {
            foreach (var role in (string[])["owner", "app", "reader"])
                environment.ShouldContainKey($"Database__Passwords__{module}_{role}");
        }
    }

    [Fact]
    public void Ports_agree()
    {
        var (docker, compose) = (Checkout.Read(Dockerfile), Checkout.Read(Compose));
        var port = new Uri(HostSettings.Urls.Default).Port;
        Ports(docker).ShouldBe([port], "listening, exposed and health check port");
        Regex.Match(compose, @"ports: \[""(.*)""\]").Groups[1].Value.ShouldBe($"127.0.0.1:{port}:{port}", "loopback: there is no sign-in");

        var kafka = ContainerFile.Environment(compose, "kafka");
        var broker = ContainerFile.Environment(compose, "host")["Kafka__BootstrapServers"];
        kafka["KAFKA_ADVERTISED_LISTENERS"].ShouldBe($"PLAINTEXT://{broker}");
        kafka["KAFKA_LISTENERS"].ShouldStartWith($"PLAINTEXT://:{broker.Split(':')[1]},");
        compose.ShouldContain($"--bootstrap-server, \"{broker}\"");
    }

    [Fact]
    public void No_secret_is_committed()
    {
        ContainerFile.Secrets(Checkout.Read(Compose)).ShouldBeEmpty();
        ContainerFile.Secrets(Checkout.Read(Dockerfile)).ShouldBeEmpty();
        ContainerFile.Secrets(
            "POSTGRES_PASSWORD: s3cret\nA: Host=db;Password=s3cret\nB__Passwords__c_app: s3cret\nPOSTGRES_PASSWORD: ${P:?set "
                + "P}\nB__Passwords__c_app: *role")
            .Length.ShouldBe(3, "the rule catches the fixture");
        foreach (var variable in (string[])["POSTGRES_PASSWORD", "MONOLITH_PASSWORD"])
            Checkout.Read(Compose).ShouldContain($"${{{variable}:?", customMessage: "a missing variable is an error");
    }

    [Fact]
    public void Workflow_runs_the_script_of_the_repository()
    {
        var workflow = Checkout.Read(Workflow);
        workflow.ShouldContain("- run: .ci/run\n");
        File.Exists(Path.Combine(Checkout.Root, ".ci/run")).ShouldBeTrue();
        LooseActions(workflow).ShouldBeEmpty();
        LooseActions("- uses: actions/checkout@v4\n- uses: actions/cache@main").Length.ShouldBe(2, "the rule catches the fixture");
    }

    private static int[] Ports(string dockerfile) =>
        [
            .. Port()
            .Matches(dockerfile)
            .Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
            .Distinct()
        ];

    private static string[] LooseActions(string workflow) =>
        [.. Action().Matches(workflow).Select(match => match.Groups[1].Value).Where(action => !Version().IsMatch(action))];

    private static bool IsSetting(string name) => HostSettings.All.Any(setting => setting.Covers(Key(name)));

    private static IConfiguration Configuration(Dictionary<string, string> settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(Key(setting.Key), setting.Value)))
            .Build();

    private static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:EXPOSE |http://[^:\s]+:)(\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"uses: (\S+)")]
    private static partial Regex Action();

    [GeneratedRegex(@"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$")]
    private static partial Regex Version();
}
