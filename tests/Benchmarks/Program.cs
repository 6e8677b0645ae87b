using System.Runtime.InteropServices;
using Monolith.Benchmarks;
using Monolith.Benchmarks.Analytics;
using Monolith.Benchmarks.Baselines;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Searching;

// The baselines run in separate processes, as the host does.
if (args is [BareShop.Verb, .. var shop])
    return await BareShop.ServeAsync(shop);
if (args is [BareReads.Verb, .. var reads])
    return await BareReads.ServeAsync(reads);
if (args is [BareReplay.Verb, .. var replay])
    return await BareReplay.RunAsync(replay);

if (args is [BareRebuild.Verb, .. var rebuild])
    return await BareRebuild.RunAsync(rebuild);
if (args is [BareIndex.Verb, .. var index])
    return await BareIndex.RunAsync(index);
if (args is [BareBulk.Verb, .. var bulk])
    return await BareBulk.RunAsync(bulk);

if (args is [BareAnalytics.Verb, .. var analytics])
    return await BareAnalytics.RunAsync(analytics);

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await BenchmarkRun.RunAsync(args, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
