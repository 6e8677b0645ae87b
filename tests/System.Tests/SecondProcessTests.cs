using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class SecondProcessTests(Servers servers)
{
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Second_in_process_host_is_refused_until_the_first_exits()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var first = await site.StartHostAsync();

        var second = await site.LaunchHostAsync();
        var status = await second.Process.ExitAsync(RefusedWithin);

        status.ShouldBe(1);
        second.Process.Lines.ShouldHaveSingleItem().ShouldContain("Another process already runs the database of");
        await first.Process.KillAsync();
        var third = await site.StartHostAsync();
        await using var load = MixedLoad.Full(2, third.Url);
        await load.RunAsync(100);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
    }
}
