using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Monolith.Host.Cli.Demo;

/// <summary><c>./run demo</c>: makes customers and orders at a rate, over HTTP as any client would.</summary>
internal static class DemoCommand
{
    private const double DefaultRate = 10;

    public static Command Create()
    {
        var rate = new Option<double>("--rate") { Description = "requests a second", HelpName = "N", DefaultValueFactory = _ => DefaultRate, CustomParser = AboveZero<double> };
        var url = SharedOptions.Url();
        var customers = new Option<int?>("--customers") { Description = "ends after that many new customers (and --orders)", HelpName = "N", CustomParser = r => AboveZero<int>(r) };
        var orders = new Option<int?>("--orders") { Description = "ends after that many new orders (and --customers)", HelpName = "N", CustomParser = r => AboveZero<int>(r) };
        var duration = new Option<double?>("--duration") { Description = "ends after that many seconds", HelpName = "S", CustomParser = r => AboveZero<double>(r) };
        var json = SharedOptions.Json();

        var command = new Command("demo", "makes customers and orders at a rate, until Ctrl-C or a limit") { rate, url, customers, orders, duration, json };
        command.SetAction((parsed, stop) =>
        {
            var limits = new DemoLimits(
                parsed.GetValue(customers), parsed.GetValue(orders), parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
            return RunAsync(parsed.GetRequiredValue(url), parsed.GetValue(rate), limits, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(Uri url, double rate, DemoLimits limits, bool json, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url, "/api/v1/") };
        http.DefaultRequestHeaders.Add("X-Actor", "demo");
        var progress = new DemoProgress();
        var shop = new DemoShop(new DemoClient(http, progress), progress, limits);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lines = json ? Task.CompletedTask : progress.PrintEverySecondAsync(end.Token);
        await DemoPace.RunAsync(rate, limits, shop, stop);
        await end.CancelAsync();
        await lines;

        var totals = progress.Totals();
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(totals, JsonSerializerOptions.Web) : $"total: {totals.Line()}");
        if (totals.FirstFailure is { } failure)
            await Console.Error.WriteLineAsync(failure);
        return totals.Failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static T AboveZero<T>(ArgumentResult result) where T : struct, INumber<T>
    {
        if (T.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number) && number > T.Zero)
            return number;
        result.AddError($"'{result.Tokens.Single().Value}' is not a number above 0.");
        return default;
    }
}
