using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.Recipes.Tests;

/// <summary>The samples build from the packages of the building blocks, without any project of the checkout.</summary>
[Trait("Category", "System")]
public sealed class PackagedSamplesTests
{
    private static readonly TimeSpan BuildWithin = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Samples_build_from_packages_and_run()
    {
        await using var script = await ChildProcess.StartAsync(
            [Path.Combine(Repository.Root, "scripts", "samples-from-packages")], Repository.Root, new Dictionary<string, string>());

        (await script.ExitAsync(BuildWithin)).ShouldBe(0, script.Tail(20));

        script.Output.Last().ShouldBe("5 items were sold");
    }
}
