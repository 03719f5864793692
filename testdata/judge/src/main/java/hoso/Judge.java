package hoso;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks judges that are not ours about a PDF and prints their verdicts as JSON, one
 * line each. A verdict of "no" is an answer, not an error; only a judge that could
 * not look at the file at all gives {"error": …}.
 *
 * <pre>
 * java -jar judge.jar verapdf 2u FILE...
 * java -jar judge.jar dss [--at TIME] [--crl LIST.crl]... --trust ROOT.pem... FILE...
 * java -jar judge.jar serve      one JSON request per line on standard input:
 *                                {"judge":"verapdf","profile":"2u","file":"…"}
 *                                {"judge":"dss-sign","file":"in.pdf","out":"out.pdf","key":"key.pem",
 *                                 "certs":["leaf.pem"],"trust":["root.pem"],"lists":["a.crl"],
 *                                 "tsa":"http://…","level":"LT","hash":"SHA256"}
 *                                {"judge":"dss","trust":["root.pem"],"file":"…","at":"2032-01-01T00:00:00Z","lists":["a.crl"]}
 * </pre>
 */
public final class Judge {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Judge() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // libraries that chat must not break the lines
        switch (args.length == 0 ? "" : args[0]) {
            case "verapdf" -> {
                for (int i = 2; i < args.length; i++) {
                    print(out, verapdf(args[1], args[i]));
                }
            }
            case "dss" -> dss(args, out);
            case "serve" -> serve(out);
            default -> {
                System.err.println("usage: judge verapdf PROFILE FILE... | dss [--at TIME] [--crl LIST.crl]... --trust ROOT.pem... FILE... | serve");
                System.exit(2);
            }
        }
    }

    private static void dss(String[] args, PrintStream out) throws Exception {
        List<File> trust = new ArrayList<>();
        List<String> files = new ArrayList<>();
        List<File> lists = new ArrayList<>();
        String at = "";
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--trust")) {
                trust.add(new File(args[++i]));
            } else if (args[i].equals("--crl")) {
                lists.add(new File(args[++i]));
            } else if (args[i].equals("--at")) {
                at = args[++i];
            } else {
                files.add(args[i]);
            }
        }
        for (String file : files) {
            print(out, signatures(new Dss.World(trust, lists, moment(at)), file));
        }
    }

    private static void serve(PrintStream out) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode ask = JSON.readTree(line);
            String file = ask.path("file").asText();
            if (ask.path("judge").asText().equals("dss-sign")) {
                print(out, signed(ask, file));
            } else if (ask.path("judge").asText().equals("dss")) {
                List<File> trust = new ArrayList<>();
                ask.path("trust").forEach(root -> trust.add(new File(root.asText())));
                List<File> lists = new ArrayList<>();
                ask.path("lists").forEach(list -> lists.add(new File(list.asText())));
                Date at = moment(ask.path("at").asText(""));
                print(out, signatures(new Dss.World(trust, lists, at), file));
            } else {
                print(out, verapdf(ask.path("profile").asText("2u"), file));
            }
        }
    }

    private static Map<String, Object> verapdf(String profile, String file) {
        try {
            return VeraPdf.validate(profile, new File(file));
        } catch (Exception | StackOverflowError e) {
            return error(file, e);
        }
    }

    private static Map<String, Object> signed(JsonNode job, String file) {
        try {
            return DssSign.sign(job);
        } catch (Exception | StackOverflowError e) {
            return error(file, e);
        }
    }

    private static Map<String, Object> signatures(Dss.World world, String file) {
        try {
            return Dss.validate(world, new File(file));
        } catch (Exception | StackOverflowError e) {
            return error(file, e);
        }
    }

    private static Date moment(String at) {
        return at.isEmpty() ? null : Date.from(Instant.parse(at));
    }

    private static Map<String, Object> error(String file, Throwable e) {
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("file", file);
        verdict.put("error", e.toString());
        return verdict;
    }

    private static void print(PrintStream out, Map<String, Object> verdict) throws Exception {
        out.println(JSON.writeValueAsString(verdict));
    }
}
